import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors } from '@ovis/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeSafetensors, type NamedTensors } from './encode-safetensors.ts';
import { checkTarget, writeSafetensors } from './write-safetensors.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-safetensors-'));
});
afterAll(() => rm(folder, { recursive: true }));

const tensors: NamedTensors = {
  logits: { dtype: 'float32', dims: [2, 2], data: Float32Array.of(1.5, -2, Number.NaN, Infinity) },
  ids: { dtype: 'int64', dims: [3], data: BigInt64Array.of(-300n, 0n, 2n ** 62n) },
  bytes: { dtype: 'uint8', dims: [3], data: Uint8Array.of(1, 2, 255) },
  empty: { dtype: 'float32', dims: [0, 4], data: new Float32Array(0) },
  scalar: { dtype: 'int32', dims: [], data: Int32Array.of(7) },
};

test('what is written is read back', async () => {
  const path = join(folder, 'all.safetensors');
  await writeSafetensors(path, tensors);
  const found = readSafetensors(path);
  expect([...found.keys()].toSorted()).toEqual(Object.keys(tensors).toSorted());
  for (const [name, { dims, data }] of Object.entries(tensors)) {
    expect(found.get(name)).toMatchObject({ shape: dims, data });
  }
  expect([...found.values()].map(({ dtype }) => dtype)).toEqual(['I64', 'F32', 'F32', 'I32', 'U8']);
});

test('every tensor is aligned to its elements and the data has no gaps', () => {
  const [length = new Uint8Array(), header = new Uint8Array(), ...data] = encodeSafetensors(tensors);
  expect(new DataView(length.buffer).getBigUint64(0, true)).toBe(BigInt(header.length));
  expect(header.length % 8).toBe(0);
  const entries = JSON.parse(new TextDecoder().decode(header)) as Record<string, { data_offsets: [number, number] }>;
  let end = 0;
  for (const [name, { data_offsets: offsets }] of Object.entries(entries)) {
    expect(offsets[0], name).toBe(end);
    expect(offsets[0] % (tensors[name]?.data.BYTES_PER_ELEMENT ?? 0), name).toBe(0);
    end = offsets[1];
  }
  expect(end).toBe(data.reduce((sum, { length: bytes }) => sum + bytes, 0));
});

test('the same tensors give the same bytes in whatever order they come', () => {
  const reversed = Object.fromEntries(Object.entries(tensors).toReversed());
  expect(Buffer.concat(encodeSafetensors(reversed))).toEqual(Buffer.concat(encodeSafetensors(tensors)));
});

test('a view into a larger buffer is written alone', () => {
  const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
  const pieces = encodeSafetensors({ middle: { dtype: 'float32', dims: [2], data } });
  expect(pieces[2]).toEqual(new Uint8Array(Float32Array.of(2, 3).buffer));
});

test('a failed write leaves nothing behind', async () => {
  const place = await mkdtemp(join(folder, 'taken-'));
  await writeFile(join(place, 'keep'), '');
  await expect(writeSafetensors(place, tensors)).rejects.toThrow('EISDIR');
  expect(await readdir(place)).toEqual(['keep']);
  expect((await readdir(folder)).filter((name) => name.includes('.partial'))).toEqual([]);
});

test('a target that cannot be written is told before the work', async () => {
  await expect(checkTarget(folder)).rejects.toThrow('is a folder');
  await expect(checkTarget(join(folder, 'no', 'out.safetensors'))).rejects.toThrow('does not exist');
  await expect(checkTarget(join(folder, 'out.safetensors'))).resolves.toBeUndefined();
});
