import { readFile, stat } from 'node:fs/promises';
import { InvalidArgumentError } from 'ovis/node';
import * as v from 'valibot';

const MOST_BYTES = 32 * 2 ** 20;
const schema = v.pipe(v.array(v.pipe(v.string(), v.maxLength(200))), v.maxLength(1_000_000));

/**
 * Reads the names of visual words.
 *
 * @throws InvalidArgumentError when the file is no JSON list of texts.
 */
export async function readNames(file: string): Promise<readonly string[]> {
  const { size } = await stat(file);
  if (size > MOST_BYTES)
    throw new InvalidArgumentError(`${file} is ${size} bytes long; at most ${MOST_BYTES} are read.`);
  const text = await readFile(file, 'utf8');
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (result.success) return result.output;
  throw new InvalidArgumentError(
    `${file} is no JSON list of texts, one for each visual word: ${result.issues[0].message}.`,
  );
}
