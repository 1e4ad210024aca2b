import { TokenizerError } from '@ovis/core';
import * as v from 'valibot';
import type { JsonObject } from './checkpoint-folder.ts';

/** An added token as `tokenizer.json` and `added_tokens_decoder` spell it. */
export type AddedToken = {
  readonly content: string;
  readonly single_word: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
  readonly normalized: boolean;
  readonly special: boolean;
};

const flag = v.optional(v.boolean(), false);
const addedTokenSchema = v.object({
  content: v.pipe(v.string(), v.minLength(1)),
  single_word: flag,
  lstrip: flag,
  rstrip: flag,
  normalized: flag,
  special: flag,
});
const namedToken = v.nullish(
  v.union([
    v.string(),
    v.pipe(
      v.object({ content: v.string() }),
      v.transform((token) => token.content),
    ),
  ]),
);
const configSchema = v.object({
  tokenizer_class: v.nullish(v.string()),
  added_tokens_decoder: v.nullish(v.record(v.pipe(v.string(), v.regex(/^\d{1,7}$/u)), addedTokenSchema)),
  additional_special_tokens: v.nullish(v.array(namedToken)),
  bos_token: namedToken,
  eos_token: namedToken,
  pad_token: namedToken,
  unk_token: namedToken,
});
/** What `tokenizer_config.json` says about the tokenizer's kind and its added tokens. */
export type QwenTokenizerConfig = v.InferOutput<typeof configSchema>;

/** @throws TokenizerError naming the entry of `tokenizer_config.json` that is wrong. */
export function readQwenTokenizerConfig(config: JsonObject): QwenTokenizerConfig {
  const result = v.safeParse(configSchema, config);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new TokenizerError(
    `tokenizer_config.json is not that of a tokenizer of Qwen. ${path === null ? '' : `"${path}": `}${issue.message}. ` +
      "Take the file as the model's authors published it.",
  );
}

/**
 * Tokens of the config with their flags, and those that only `added_tokens.json` lists; sorted by id.
 *
 * @throws TokenizerError when the two give an id to different tokens.
 */
export function qwenAddedTokens(
  ids: Readonly<Record<string, number>>,
  config: QwenTokenizerConfig,
): readonly ({ id: number } & AddedToken)[] {
  const tokens = new Map<number, AddedToken>();
  for (const [id, token] of Object.entries(config.added_tokens_decoder ?? {})) tokens.set(Number(id), token);
  const { bos_token: bos, eos_token: eos, pad_token: pad, unk_token: unk } = config;
  const special = new Set([bos, eos, pad, unk, ...(config.additional_special_tokens ?? [])]);
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  for (const [content, id] of Object.entries(ids)) {
    const known = tokens.get(id);
    if (known !== undefined && known.content !== content) {
      throw new TokenizerError(
        `Token ${id} is ${JSON.stringify(content)} in added_tokens.json, but ${JSON.stringify(known.content)} in ` +
          'tokenizer_config.json. Take both files from the same checkpoint.',
      );
    }
    if (known === undefined) tokens.set(id, { content, ...flags, special: special.has(content) });
  }
  return [...tokens].toSorted(([a], [b]) => a - b).map(([id, token]) => ({ id, ...token }));
}
