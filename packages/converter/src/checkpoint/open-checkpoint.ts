import { asyncDispose, ModelFileError, TokenizerError } from '@ovis/core';
import { openTensors } from '../safetensors/open-tensors.ts';
import type { PackedTensors } from '../packed/packed-tensors.ts';
import type { Quantisation } from '../packed/quantisation.ts';
import { readQuantisation } from '../packed/read-quantisation.ts';
import { unpackCheckpoint } from '../packed/unpack-checkpoint.ts';
import type { TensorSource } from '../safetensors/tensor-source.ts';
import type { TensorStore } from '../safetensors/tensor-store.ts';
import { TEXT_HEAD } from '../bundle/bundle-tables.ts';
import { addedTokensOf } from './added-tokens.ts';
import type { CheckpointConfig } from './checkpoint-config.ts';
import { CheckpointFolder, parseJsonObject } from './checkpoint-folder.ts';
import { detectGeneration } from './detect-generation.ts';
import { tokenizerJsonFromQwenFiles } from './qwen-tokenizer.ts';
import { isNativeOvis2, nativeWarning, officialConfig, officialPreprocessor } from './native-config.ts';
import { officialTensors } from './official-tensors.ts';
import { readCheckpointConfig } from './read-checkpoint-config.ts';

/** A file that goes into the bundle as it is. */
export type CopiedFile = { readonly name: string; readonly bytes: Uint8Array };

/** An open checkpoint whose configs are checked; no weights have been read. */
export type Checkpoint = AsyncDisposable & {
  readonly folder: CheckpointFolder;
  readonly config: CheckpointConfig;
  /** The files as they are. */
  readonly stored: TensorStore;
  /** The tensors under their official names, packed layers as matrices. */
  readonly tensors: TensorSource;
  /** How layers are packed, and their integers; null for a plain checkpoint. */
  readonly quantised: { readonly settings: Quantisation; readonly tensors: PackedTensors } | null;
  readonly tokenizer: CopiedFile;
  readonly tokenizerConfig: CopiedFile | null;
};

/**
 * Opens a checkpoint folder in the official layout and checks all its files but the weights' numbers.
 *
 * @throws ModelFileError when a file is missing, malformed, or describes a model that cannot be converted.
 * @throws TokenizerError when there is no tokenizer, or one that is malformed.
 */
export async function openCheckpoint(path: string): Promise<Checkpoint> {
  const folder = await CheckpointFolder.open(path);
  const published = await folder.readJson('config.json');
  if (published === null) {
    throw new ModelFileError(
      `${folder.path} holds no config.json. Give the folder of a checkpoint as it lies on the hub.`,
    );
  }
  const settings = await readQuantisation(folder, published);
  const isNative = isNativeOvis2(published);
  detectGeneration(isNative ? officialConfig(published, true) : published);
  const preprocessor = await folder.readJson('preprocessor_config.json');
  if (preprocessor === null) {
    throw new ModelFileError(`${folder.path} holds no preprocessor_config.json. Download it beside config.json.`);
  }
  const generation = await folder.readJson('generation_config.json');
  const tokenizerConfig = await folder.readSmall('tokenizer_config.json');
  const tokenizer = await readTokenizer(folder, tokenizerConfig);
  if (tokenizerConfig !== null) parseJsonObject(tokenizerConfig, 'tokenizer_config.json');
  const addedTokens = addedTokensOf(parseJsonObject(tokenizer.bytes, tokenizer.name));
  const stored = await openTensors(folder);
  try {
    const named = isNative ? officialTensors(stored) : stored;
    const config = isNative ? officialConfig(published, named.tensors.has(TEXT_HEAD)) : published;
    const packed = await unpackCheckpoint(named, settings);
    const tensors = packed ?? named;
    const shapeOf = (name: string) => tensors.tensors.get(name)?.shape;
    const files = {
      name: folder.name,
      config,
      preprocessor: isNative ? officialPreprocessor(preprocessor) : preprocessor,
      generation,
      addedTokens,
      shapeOf,
    };
    const read = readCheckpointConfig(files);
    return {
      folder,
      config: isNative ? { ...read, warnings: [nativeWarning, ...read.warnings] } : read,
      stored,
      tensors,
      quantised: settings && packed && { settings, tensors: packed },
      tokenizer,
      tokenizerConfig: tokenizerConfig && { name: 'tokenizer_config.json', bytes: tokenizerConfig },
      [asyncDispose]: () => stored[asyncDispose](),
    };
  } catch (error) {
    await stored[asyncDispose]();
    throw error;
  }
}

/** `tokenizer.json` as it is, or made of Qwen's files where only these are there. */
async function readTokenizer(folder: CheckpointFolder, config: Uint8Array | null): Promise<CopiedFile> {
  const name = 'tokenizer.json';
  const bytes = await folder.readSmall(name);
  if (bytes !== null) return { name, bytes };
  const vocabulary = await folder.readSmall('vocab.json');
  const merges = await folder.readSmall('merges.txt');
  if (vocabulary === null || merges === null) {
    throw new TokenizerError(
      `${folder.path} holds no tokenizer.json, nor the vocab.json and merges.txt of Qwen. Download it beside config.json.`,
    );
  }
  const addedTokens = await folder.readSmall('added_tokens.json');
  const made = tokenizerJsonFromQwenFiles({ vocabulary, merges, addedTokens, config });
  return { name, bytes: new TextEncoder().encode(JSON.stringify(made)) };
}
