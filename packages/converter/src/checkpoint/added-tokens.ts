import { TokenizerError } from '@ovis/core';
import * as v from 'valibot';
import { LARGEST_VOCABULARY } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';

const schema = v.pipe(
  v.array(
    v.looseObject({
      id: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(LARGEST_VOCABULARY - 1)),
      content: v.string(),
    }),
  ),
  v.maxLength(100_000),
);

/**
 * Ids of the added tokens of a `tokenizer.json` by their text.
 *
 * @throws TokenizerError when the file is none.
 */
export function addedTokensOf(tokenizer: JsonObject): ReadonlyMap<string, number> {
  const result = v.safeParse(schema, tokenizer['added_tokens'] ?? []);
  if (!result.success || typeof tokenizer['model'] !== 'object' || tokenizer['model'] === null) {
    throw new TokenizerError(
      'tokenizer.json has no "model", or its "added_tokens" are no list of ids and texts. Take the file as the ' +
        "model's authors published it.",
    );
  }
  return new Map(result.output.map(({ content, id }) => [content, id]));
}
