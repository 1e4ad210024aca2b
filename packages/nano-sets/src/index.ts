import { fileURLToPath } from 'node:url';

/** Folder of the questions (`sets.json`, `questions.jsonl`, `images/`) as a URL that ends in `/`. */
export const nanoSets: URL = new URL('../sets/', import.meta.url);

/** The same folder as a path, for `ovis eval --sets`. */
export const nanoSetsPath: string = fileURLToPath(nanoSets);
