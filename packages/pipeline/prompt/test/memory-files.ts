import { asyncDispose, type ModelFiles, type RandomAccessFile } from '@ovis/core';

/** A bundle in memory that writes down what was read. */
export type MemoryFiles = ModelFiles & {
  readonly reads: { readonly path: string; readonly offset: number; readonly length: number }[];
  /** Files open at the moment. */
  readonly open: (path: string) => Promise<RandomAccessFile>;
  readonly openCount: () => number;
};

/** `size` lies about a file where it is given. */
export function memoryFiles(contents: Readonly<Record<string, Uint8Array>>, size?: number): MemoryFiles {
  const reads: MemoryFiles['reads'] = [];
  let open = 0;
  return {
    location: 'memory',
    reads,
    openCount: () => open,
    readBytes: (path) => Promise.resolve(contents[path] ?? new Uint8Array(0)),
    sha256: () => Promise.reject(new Error('No hashes here.')),
    graph: () => Promise.reject(new Error('No graph here.')),
    open: (path) => {
      const bytes = contents[path];
      if (bytes === undefined) return Promise.reject(new Error(`No file ${path}.`));
      open++;
      return Promise.resolve({
        size: size ?? bytes.byteLength,
        read: (offset: number, length: number) => {
          reads.push({ path, offset, length });
          return Promise.resolve(bytes.subarray(offset, offset + length));
        },
        [asyncDispose]: () => {
          open--;
          return Promise.resolve();
        },
      });
    },
  };
}

/** The bytes of numbers. */
export function bytesOf(array: Float32Array | Uint16Array): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
