import { asyncDispose, ModelFileError } from '@ovis/core';
import type { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { PositionalFile } from './positional-file.ts';
import { readHeader } from './read-header.ts';
import { INDEX_FILE, parseShardIndex, type ShardIndex } from './shard-index.ts';
import type { StoredTensor } from './stored-tensor.ts';
import { TensorStore } from './tensor-store.ts';

const SINGLE_FILE = 'model.safetensors';

/**
 * Opens the weights of a checkpoint: `model.safetensors`, or the shards of `model.safetensors.index.json`.
 *
 * @throws ModelFileError when there are none, a file is missing or malformed, or index and shards disagree.
 */
export async function openTensors(folder: CheckpointFolder): Promise<TensorStore> {
  const single = folder.names.includes(SINGLE_FILE);
  const json = single ? null : await folder.readJson(INDEX_FILE);
  if (!single && json === null) return noWeights(folder);
  const index = json === null ? null : parseShardIndex(json);
  const shards = index === null ? [SINGLE_FILE] : [...new Set(index.fileOf.values())].toSorted();
  const missing = shards.filter((name) => !folder.names.includes(name));
  if (missing.length > 0) {
    throw new ModelFileError(
      `${INDEX_FILE} names ${list(missing)}, which ${folder.path} does not hold. Download the missing files.`,
      { details: { missing } },
    );
  }
  const files = new Map<string, PositionalFile>();
  try {
    const tensors = new Map<string, StoredTensor>();
    for (const name of shards) {
      const file = await PositionalFile.open(folder.path, name);
      files.set(name, file);
      for (const tensor of await readHeader(file)) addTensor(tensors, tensor);
    }
    const warnings = index === null ? [] : compareWithIndex(index, tensors);
    return new TensorStore(tensors, files, warnings);
  } catch (error) {
    await Promise.all([...files.values()].map((file) => file[asyncDispose]()));
    throw error;
  }
}

function addTensor(tensors: Map<string, StoredTensor>, tensor: StoredTensor): void {
  const known = tensors.get(tensor.name);
  if (known !== undefined) {
    throw new ModelFileError(
      `Tensor ${JSON.stringify(tensor.name)} lies in ${known.file} and in ${tensor.file}; expected it once. ` +
        'Download all shards of one revision.',
    );
  }
  tensors.set(tensor.name, tensor);
}

function compareWithIndex(index: ShardIndex, tensors: ReadonlyMap<string, StoredTensor>): readonly string[] {
  const wrong = [
    ...[...index.fileOf].filter(([name, file]) => tensors.get(name)?.file !== file).map(([name]) => name),
    ...[...tensors.keys()].filter((name) => !index.fileOf.has(name)),
  ];
  if (wrong.length > 0) {
    throw new ModelFileError(
      `${INDEX_FILE} and its shards disagree about ${wrong.length} tensors: ${list(wrong)}. ` +
        'Download index and shards of one revision.',
      { details: { tensors: wrong } },
    );
  }
  const bytes = [...tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
  if (index.totalBytes === null || index.totalBytes === bytes) return [];
  return [`${INDEX_FILE} claims ${index.totalBytes} bytes of tensors; its shards hold ${bytes}.`];
}

function noWeights({ path, names }: CheckpointFolder): never {
  const pickles = names.filter((name) => /\.(bin|pt|pth)$/u.test(name));
  if (pickles.length === 0) {
    throw new ModelFileError(
      `${path} holds neither ${SINGLE_FILE} nor ${INDEX_FILE}. Download the model's weights into this folder.`,
    );
  }
  throw new ModelFileError(
    `${path} holds its weights in PyTorch's pickle format (${list(pickles)}); expected safetensors. Convert them once ` +
      'in Python: `from safetensors.torch import save_file; save_file({k: v.clone() for k, v in ' +
      `torch.load("${pickles[0] ?? ''}", map_location="cpu", weights_only=True).items()}, "${SINGLE_FILE}")\`.`,
    { details: { files: pickles } },
  );
}

/** Names in quotes, at most eight. */
function list(names: readonly string[]): string {
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name));
  return shown.join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');
}
