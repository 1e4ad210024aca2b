import { fileURLToPath } from 'node:url';

/** Folder of the embedded model's bundle as a URL that ends in `/`. */
export const nanoBundle: URL = new URL('../bundle/', import.meta.url);

/** The same folder as a path, for `Ovis.load` in Node. */
export const nanoBundlePath: string = fileURLToPath(nanoBundle);
