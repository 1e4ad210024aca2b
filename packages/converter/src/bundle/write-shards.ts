import type { FileDescription } from '@ovis/core';
import { plannedBytes } from '../weights/planned-bytes.ts';
import type { GraphWeight } from '../weights/weight-expression.ts';
import type { WriteContext } from '../weights/write-context.ts';
import { writeWeight, type WrittenWeight } from '../weights/write-weight.ts';
import { ALIGNMENT, OutputFile } from './output-file.ts';

/** Tensors of one weight, each of which may begin after a gap. */
const TENSORS_PER_WEIGHT = 3;

/** What weights are written with, and who wants to know of it. */
export type BundleHooks = Omit<WriteContext, 'file' | 'onBytes' | 'onOverflow'> & {
  /** Most bytes of a file; only a weight that is larger by itself makes a larger one. */
  readonly shardBytes: number;
  /** Called after every batch; throws to stop. */
  readonly onBytes: (weight: GraphWeight, bytes: number) => void;
  readonly onOverflow: (weight: GraphWeight, count: number) => void;
};

/** Where weights lie. */
export type WrittenWeights = ReadonlyMap<GraphWeight, WrittenWeight>;

/**
 * Writes weights into `<name>.data` and, when that is full, `<name>.1.data` and so on. A weight with its scales is
 * always in one file.
 */
export async function writeShards(
  folder: string,
  name: string,
  weights: readonly GraphWeight[],
  hooks: BundleHooks,
): Promise<{ readonly written: WrittenWeights; readonly files: readonly FileDescription[] }> {
  const written = new Map<GraphWeight, WrittenWeight>();
  const files: FileDescription[] = [];
  for (const [index, shard] of shardsOf(weights, hooks.shardBytes).entries()) {
    await using file = await OutputFile.create(folder, index === 0 ? `${name}.data` : `${name}.${index}.data`);
    for (const weight of shard) {
      const context: WriteContext = {
        tensors: hooks.tensors,
        quantiser: hooks.quantiser,
        file,
        onBytes: (bytes) => hooks.onBytes(weight, bytes),
        onOverflow: (count) => hooks.onOverflow(weight, count),
      };
      written.set(weight, await writeWeight(weight.expression, weight.storage, context));
    }
    files.push(await file.finish());
  }
  return { written, files };
}

/** Where one of them lies. */
export function writtenWeight(weights: WrittenWeights, weight: GraphWeight): WrittenWeight {
  const written = weights.get(weight);
  if (written === undefined) throw new TypeError(`Weight ${weight.name} was not written.`);
  return written;
}

/** Weights by file, in their order; at least one file, which may be empty. */
function shardsOf(weights: readonly GraphWeight[], shardBytes: number): readonly (readonly GraphWeight[])[] {
  let current: GraphWeight[] = [];
  let size = 0;
  const shards = [current];
  for (const weight of weights) {
    const bytes = plannedBytes(weight) + TENSORS_PER_WEIGHT * ALIGNMENT;
    if (current.length > 0 && size + bytes > shardBytes) {
      current = [];
      size = 0;
      shards.push(current);
    }
    current.push(weight);
    size += bytes;
  }
  return shards;
}
