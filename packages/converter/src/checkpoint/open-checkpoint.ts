import { asyncDispose, ModelFileError, TokenizerError } from '@ovis/core';
import { openTensors } from '../safetensors/open-tensors.ts';
import type { TensorStore } from '../safetensors/tensor-store.ts';
import { addedTokensOf } from './added-tokens.ts';
import type { CheckpointConfig } from './checkpoint-config.ts';
import { CheckpointFolder, parseJsonObject } from './checkpoint-folder.ts';
import { detectGeneration } from './detect-generation.ts';
import { tokenizerJsonFromQwenFiles } from './qwen-tokenizer.ts';
import { readCheckpointConfig } from './read-checkpoint-config.ts';

/** A file that goes into the bundle as it is. */
export type CopiedFile = { readonly name: string; readonly bytes: Uint8Array };

/** An open checkpoint whose configs are checked; no weights have been read. */
export type Checkpoint = AsyncDisposable & {
  readonly folder: CheckpointFolder;
  readonly config: CheckpointConfig;
  readonly tensors: TensorStore;
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
  const config = await folder.readJson('config.json');
  if (config === null) {
    throw new ModelFileError(
      `${folder.path} holds no config.json. Give the folder of a checkpoint as it lies on the hub.`,
    );
  }
  // GPTQ tools write the same settings to a file of their own; older ones only there.
  const quantisation = await folder.readJson('quantize_config.json');
  detectGeneration(quantisation === null ? config : { quantization_config: quantisation, ...config });
  const preprocessor = await folder.readJson('preprocessor_config.json');
  if (preprocessor === null) {
    throw new ModelFileError(`${folder.path} holds no preprocessor_config.json. Download it beside config.json.`);
  }
  const generation = await folder.readJson('generation_config.json');
  const tokenizerConfig = await folder.readSmall('tokenizer_config.json');
  const tokenizer = await readTokenizer(folder, tokenizerConfig);
  if (tokenizerConfig !== null) parseJsonObject(tokenizerConfig, 'tokenizer_config.json');
  const addedTokens = addedTokensOf(parseJsonObject(tokenizer.bytes, tokenizer.name));
  const tensors = await openTensors(folder);
  try {
    const shapeOf = (name: string) => tensors.tensors.get(name)?.shape;
    const files = { name: folder.name, config, preprocessor, generation, addedTokens, shapeOf };
    return {
      folder,
      config: readCheckpointConfig(files),
      tensors,
      tokenizer,
      tokenizerConfig: tokenizerConfig && { name: 'tokenizer_config.json', bytes: tokenizerConfig },
      [asyncDispose]: () => tensors[asyncDispose](),
    };
  } catch (error) {
    await tensors[asyncDispose]();
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
