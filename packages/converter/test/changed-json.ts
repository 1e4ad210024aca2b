import { readFile, writeFile } from 'node:fs/promises';

/** Sets keys of a JSON file, which is made where there is none. */
export async function changedJson(path: string, values: Readonly<Record<string, unknown>>): Promise<void> {
  const before: unknown = await readFile(path, 'utf8').then(
    (text): unknown => JSON.parse(text),
    () => ({}),
  );
  await writeFile(path, JSON.stringify({ ...Object(before), ...values }));
}
