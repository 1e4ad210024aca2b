import type { TensorReader } from '../src/weights/read-expression.ts';

/** Tensors that are read from lists. */
export function tensorsInMemory(tensors: Readonly<Record<string, ArrayLike<number>>>): TensorReader {
  return {
    read: async (name, start, into) => {
      into.set(Array.prototype.slice.call(tensors[name] ?? [], start, start + into.length) as number[]);
    },
  };
}
