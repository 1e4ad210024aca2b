import { TokenizerError } from '@ovis/core';
import { LARGEST_VOCABULARY } from './check-json.ts';
import { parseJsonObject, type JsonObject } from './checkpoint-folder.ts';
import { qwenAddedTokens, readQwenTokenizerConfig } from './qwen-added-tokens.ts';

/** What a Qwen checkpoint holds where it has no `tokenizer.json`. */
export type QwenTokenizerFiles = {
  /** `vocab.json`: id of each piece. */
  readonly vocabulary: Uint8Array;
  /** `merges.txt`: two pieces per line, after a line with the version. */
  readonly merges: Uint8Array;
  /** `added_tokens.json`: id of each added token. */
  readonly addedTokens: Uint8Array | null;
  /** `tokenizer_config.json`: the added tokens with their flags. */
  readonly config: Uint8Array | null;
};

/** The pre-tokenizer of Qwen2 to Qwen3: contractions, words, single digits, punctuation, line breaks, spaces. */
const SPLIT =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const BYTE_LEVEL = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false } as const;

/**
 * The `tokenizer.json` that transformers makes of Qwen's files (`Qwen2Converter` in `convert_slow_tokenizer.py`):
 * byte-level byte pair encoding after NFC.
 *
 * @throws TokenizerError when a file is malformed, the files contradict each other, or another kind of tokenizer is named.
 * @throws ModelFileError when a file is no JSON.
 */
export function tokenizerJsonFromQwenFiles(files: QwenTokenizerFiles): JsonObject {
  const vocabulary = checkIds(parseJsonObject(files.vocabulary, 'vocab.json'), 'vocab.json');
  const config = readQwenTokenizerConfig(
    files.config === null ? {} : parseJsonObject(files.config, 'tokenizer_config.json'),
  );
  const kind = config.tokenizer_class;
  if (kind !== undefined && kind !== null && !/^Qwen2Tokenizer(?:Fast)?$/u.test(kind)) {
    throw new TokenizerError(
      `tokenizer_config.json names a ${kind}; only that of Qwen2 can be made of vocab.json and merges.txt. Save a ` +
        "tokenizer.json with transformers: `AutoTokenizer.from_pretrained('.').save_pretrained('.')`.",
    );
  }
  const added = files.addedTokens === null ? {} : parseJsonObject(files.addedTokens, 'added_tokens.json');
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: qwenAddedTokens(checkIds(added, 'added_tokens.json'), config),
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [{ type: 'Split', pattern: { Regex: SPLIT }, behavior: 'Isolated', invert: false }, BYTE_LEVEL],
    },
    post_processor: BYTE_LEVEL,
    decoder: BYTE_LEVEL,
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: vocabulary,
      merges: mergesOf(files.merges, vocabulary),
    },
  };
}

/** Lines as Python reads them: any line end, white space around a line dropped, empty lines and the version skipped. */
function mergesOf(bytes: Uint8Array, vocabulary: Readonly<Record<string, number>>): readonly string[] {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TokenizerError('merges.txt is no text in UTF-8. Copy or download it again.', { cause });
  }
  const merges: string[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/u).entries()) {
    const merge = line.trim();
    if (merge === '' || (index === 0 && merge.startsWith('#version:'))) continue;
    const pieces = merge.split(' ');
    if (pieces.length !== 2 || !Object.hasOwn(vocabulary, pieces.join(''))) {
      throw new TokenizerError(
        `Line ${index + 1} of merges.txt, ${JSON.stringify(merge.slice(0, 60))}, is no pair of pieces that gives one of ` +
          'vocab.json. Take both files from the same checkpoint.',
      );
    }
    merges.push(merge);
  }
  return merges;
}

/** By hand, since pieces such as `constructor` are keys that a schema's record leaves out. */
function checkIds(value: JsonObject, name: string): Readonly<Record<string, number>> {
  for (const [piece, id] of Object.entries(value)) {
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0 || id >= LARGEST_VOCABULARY) {
      throw new TokenizerError(
        `${name} gives ${JSON.stringify(piece.slice(0, 60))} the id ${JSON.stringify(id)?.slice(0, 60)}; expected a whole ` +
          `number from 0 to ${LARGEST_VOCABULARY - 1}. Take the file as the model's authors published it.`,
      );
    }
  }
  return value as Readonly<Record<string, number>>;
}
