import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath, readSafetensors } from '@ovis/testing';
import { floatTensor, safetensorsBytes, type TestTensor } from './safetensors-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Names of the fixtures that are models. */
export type TinyModel = 'ovis1.0-tiny' | 'ovis2-tiny' | 'ovis2.5-tiny';

/** Tensors of a fixture by name, as lists of numbers. */
export type TinyTensors = Map<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

/** What weights are stored as. */
export type TinyDtype = 'F32' | 'BF16' | 'F16';

/** How a fixture's weights are written down again. */
export type CopyOptions = {
  /** Of all tensors, or by tensor. Default: F32. */
  readonly dtype?: TinyDtype | ((tensor: string) => TinyDtype);
  /** Default: one file without an index. */
  readonly shards?: number;
  /** Changes the tensors before they are written. */
  readonly change?: (tensors: TinyTensors) => void;
};

/** A copy of a fixture in a temporary folder, its weights written anew. */
export async function checkpointCopy(model: TinyModel, options: CopyOptions = {}): Promise<string> {
  const { dtype = 'F32', shards = 1, change } = options;
  const folder = await temporaryFolder();
  const skip = /[/\\](cases|images|model\.safetensors|fixture\.json)$/u;
  await cp(fixturePath(model), folder, { recursive: true, filter: (path) => !skip.test(path) });
  const tensors: TinyTensors = new Map();
  for (const [name, { shape, data }] of readSafetensors(fixturePath(`${model}/model.safetensors`))) {
    tensors.set(name, { shape, data: Float32Array.from(data, Number) });
  }
  change?.(tensors);
  const dtypeOf = typeof dtype === 'function' ? dtype : () => dtype;
  const written = [...tensors].map(
    ([name, { shape, data }]) => [name, floatTensor(dtypeOf(name), shape, [...data])] as const,
  );
  if (shards === 1) await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(Object.fromEntries(written)));
  else await writeShards(folder, written, shards);
  return folder;
}

async function writeShards(
  folder: string,
  tensors: readonly (readonly [string, TestTensor])[],
  shards: number,
): Promise<void> {
  const digits = (number: number) => String(number).padStart(5, '0');
  const weightMap: Record<string, string> = {};
  for (let shard = 0; shard < shards; shard++) {
    const file = `model-${digits(shard + 1)}-of-${digits(shards)}.safetensors`;
    const part = tensors.filter((_, index) => index % shards === shard);
    for (const [name] of part) weightMap[name] = file;
    await writeFile(join(folder, file), safetensorsBytes(Object.fromEntries(part)));
  }
  const bytes = tensors.reduce((sum, [, { data }]) => sum + data.byteLength, 0);
  const index = { metadata: { total_size: bytes }, weight_map: weightMap };
  await writeFile(join(folder, 'model.safetensors.index.json'), JSON.stringify(index));
}

/** Numbers as bfloat16 keeps them, for copies that are to hold the same in F32. */
export function truncateToBfloat16(tensors: TinyTensors): void {
  for (const [name, { shape, data }] of tensors) {
    const bits = new Uint32Array(Float32Array.from(data).buffer).map((word) => word & 0xffff0000);
    tensors.set(name, { shape, data: new Float32Array(bits.buffer) });
  }
}
