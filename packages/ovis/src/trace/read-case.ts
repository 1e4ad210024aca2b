import { InvalidArgumentError } from '@ovis/core';
import * as v from 'valibot';

const text = v.pipe(v.string(), v.maxLength(2 ** 20));
const file = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const files = v.pipe(v.array(file), v.maxLength(256));
const integer = v.pipe(v.number(), v.safeInteger());
const tokens = v.pipe(integer, v.minValue(1), v.maxValue(100_000));
const token = v.pipe(integer, v.minValue(0));
const optional = <S extends v.GenericSchema>(schema: S) => v.nullish(schema);

const hubPart = v.variant('type', [
  v.object({ type: v.literal('text'), text }),
  v.object({ type: v.literal('image'), image: file }),
  v.object({ type: v.literal('video'), video: files }),
]);

/** The fields of `case.json` that say what to run (packages/testing/fixtures/README.md); others are results. */
const caseSchema = v.object({
  name: optional(text),
  query: optional(text),
  conversation: optional(
    v.pipe(v.array(v.object({ from: v.picklist(['system', 'human', 'gpt']), value: text })), v.maxLength(1000)),
  ),
  messages: optional(
    v.pipe(
      v.array(
        v.object({
          role: v.picklist(['system', 'user', 'assistant']),
          content: v.union([text, v.pipe(v.array(hubPart), v.maxLength(1000))]),
        }),
      ),
      v.maxLength(1000),
    ),
  ),
  prompt: optional(text),
  images: optional(files),
  video: optional(files),
  max_partition: optional(v.pipe(integer, v.minValue(1))),
  min_pixels: optional(v.pipe(integer, v.minValue(1))),
  max_pixels: optional(v.pipe(integer, v.minValue(1))),
  enable_thinking: optional(v.boolean()),
  generation_preface: optional(text),
  thinking_budget: optional(tokens),
  max_new_tokens: optional(tokens),
  eos_token_id: optional(v.union([token, v.array(token)])),
  greedy: optional(v.object({ max_new_tokens: optional(tokens) })),
  token_ids: optional(v.object({ think_end: optional(token), im_end: optional(token) })),
});

/** A case as `case.json` tells it. */
export type TraceCase = v.InferOutput<typeof caseSchema>;

/**
 * Reads a case in the format of the golden fixtures.
 *
 * @throws InvalidArgumentError naming the field that is wrong.
 */
export function readCase(json: string, where: string): TraceCase {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new InvalidArgumentError(`${where} is not valid JSON.`, { cause });
  }
  const result = v.safeParse(caseSchema, value);
  if (!result.success) {
    const problems = result.issues.slice(0, 5).map((issue) => `${v.getDotPath(issue) ?? 'case'}: ${issue.message}`);
    throw new InvalidArgumentError(`${where} is no case in the format of the fixtures: ${problems.join('; ')}.`);
  }
  return result.output;
}
