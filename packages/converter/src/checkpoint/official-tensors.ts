import { elementCount, ModelFileError } from '@ovis/core';
import { nativeOvis2Split, officialOvis2Name } from '../models/native-ovis2-names.ts';
import type { StoredTensor } from '../safetensors/stored-tensor.ts';
import type { TensorSource } from '../safetensors/tensor-source.ts';
import { readExpression } from '../weights/read-expression.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';

/** A tensor under its official name, and what it is made of. */
type Renamed = { readonly tensor: StoredTensor; readonly from: WeightExpression };

/**
 * The tensors of Ovis2 in the layout of the transformers library, as the official checkpoint has them: other names,
 * position table with a batch axis, query, key and value of the vision tower in one tensor.
 *
 * @throws ModelFileError when two tensors have one official name.
 */
export function officialTensors(source: TensorSource): TensorSource {
  const renamed = joinProjections(rename(source.tensors));
  const find = (name: string): Renamed => {
    const found = renamed.get(name);
    if (found !== undefined) return found;
    throw new ModelFileError(`The checkpoint holds no tensor ${JSON.stringify(name)}. Download it again.`);
  };
  return {
    tensors: new Map([...renamed].map(([name, { tensor }]) => [name, tensor])),
    read: async (name, start, into) => readExpression(find(name).from, source, start, into),
    readBytes: async (name, start, into) => {
      const { from } = find(name);
      if (from.op !== 'tensor') throw new TypeError(`${name} is put together and has no bytes of its own.`);
      return source.readBytes(from.name, start, into);
    },
  };
}

function rename(tensors: ReadonlyMap<string, StoredTensor>): ReadonlyMap<string, Renamed> {
  const renamed = new Map<string, Renamed>();
  for (const stored of tensors.values()) {
    const name = officialOvis2Name(stored.name);
    const twin = renamed.get(name);
    if (twin !== undefined) {
      throw new ModelFileError(
        `The checkpoint holds ${name} twice, once of them as ${stored.name}. Download its files again, of one revision.`,
        { details: { tensor: stored.name } },
      );
    }
    const shape = name.endsWith('.pos_embed') && stored.shape.length === 2 ? [1, ...stored.shape] : stored.shape;
    renamed.set(name, {
      tensor: { ...stored, name, shape },
      from: { op: 'tensor', name: stored.name, shape: stored.shape },
    });
  }
  return renamed;
}

/** Puts `attn.q_proj`, `k_proj` and `v_proj` on top of each other, where all three fit. */
function joinProjections(renamed: ReadonlyMap<string, Renamed>): ReadonlyMap<string, Renamed> {
  const { parts, whole } = nativeOvis2Split;
  const result = new Map(renamed);
  for (const [name, first] of renamed) {
    const match = /^(visual_tokenizer\.backbone\..+\.attn\.)q_proj\.(weight|bias)$/.exec(name);
    if (match === null) continue;
    const [, before = '', kind = ''] = match;
    const names = parts.map((part) => `${before}${part}.${kind}`);
    const found = names.flatMap((part) => renamed.get(part) ?? []);
    const width = String(first.tensor.shape.slice(1));
    const fits = found.every(
      ({ tensor }) => String(tensor.shape.slice(1)) === width && tensor.type === first.tensor.type,
    );
    if (found.length !== parts.length || !fits) continue;
    for (const part of names) result.delete(part);
    const joined = `${before}${whole}.${kind}`;
    const rows = found.reduce((sum, { tensor }) => sum + (tensor.shape[0] ?? 0), 0);
    const shape = [rows, ...first.tensor.shape.slice(1)];
    const bytes = found.reduce((sum, { tensor }) => sum + tensor.bytes, 0);
    result.set(joined, {
      tensor: { ...first.tensor, name: joined, shape, elements: elementCount(shape), bytes },
      from: { op: 'concat', parts: found.map(({ from }) => from) },
    });
  }
  return result;
}
