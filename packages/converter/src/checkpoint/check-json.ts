import { ModelFileError } from '@ovis/core';
import * as v from 'valibot';

/** Bounds of sizes in configs, several times those of the largest models: they limit what a lying file can cost. */
export const LARGEST_WIDTH = 65_536;
export const LARGEST_FEED_FORWARD = 1_048_576;
export const LARGEST_LAYERS = 1_024;
export const LARGEST_HEADS = 1_024;
export const LARGEST_VOCABULARY = 4_194_304;
export const LARGEST_CONTEXT = 1_048_576;

/** Complaints that are shown at once. */
const MAX_ISSUES = 5;

/**
 * Checks JSON against a schema and gives what the schema makes of it.
 *
 * @param where - File, and place in the file where the value is not its root, for messages.
 * @throws ModelFileError naming each value that is wrong.
 */
export function checkJson<const S extends v.GenericSchema>(schema: S, value: unknown, where: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issues = result.issues.slice(0, MAX_ISSUES).map((issue) => {
    const path = v.getDotPath(issue);
    return path === null ? issue.message : `"${path}": ${issue.message}`;
  });
  throw new ModelFileError(
    `${where} is not what a checkpoint of Ovis has. ${issues.join('; ')}. Take the file as the model's authors published it.`,
    { details: { where, issues } },
  );
}

/** A whole number from 1 to `largest`; `fallback` where the key is missing or null. */
export function size(largest: number, fallback: number) {
  return v.nullish(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largest)), fallback);
}

/** A small positive number, such as the epsilon of a norm. */
export function epsilon(fallback: number) {
  return v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), fallback);
}

/** Token ids: one, several, or none. */
export const tokenIds = v.nullish(
  v.pipe(
    v.union([tokenIdSchema(), v.pipe(v.array(tokenIdSchema()), v.maxLength(64))]),
    v.transform((value) => (typeof value === 'number' ? [value] : value)),
  ),
  [],
);

function tokenIdSchema() {
  return v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST_VOCABULARY - 1));
}
