import { expect, test } from 'vitest';
import { quantisedCopy } from '../../test/quantised-copy.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { PackedTensors } from './packed-tensors.ts';

const name = 'llm.model.layers.0.mlp.down_proj.weight'; // [64, 96]

test.each(['gptq', 'awq'] as const)(
  'a %s matrix that is too large to be held whole is read in parts',
  async (packing) => {
    const { folder, weights } = await quantisedCopy({ packing, bits: 4, groupSize: 32, symmetric: false });
    await using checkpoint = await openCheckpoint(folder);
    const linears = checkpoint.quantised?.tensors.linears ?? new Map<string, never>();
    const parts = new PackedTensors(checkpoint.stored, linears, 8 * 96);
    const expected = weights.get(name)?.values ?? new Float32Array();
    for (const [start, length] of [
      [0, 64 * 96],
      [7 * 96 + 5, 20 * 96],
      [63 * 96, 96],
      [3, 0],
    ] as const) {
      const read = new Float32Array(length);
      await parts.read(name, start, read);
      expect(read).toEqual(expected.slice(start, start + length));
    }
    const whole = await checkpoint.quantised?.tensors.rows(name, 5, 30);
    expect(await parts.rows(name, 5, 30)).toEqual(whole);
  },
);

test('several readers at once get what they ask for', async () => {
  const { folder, weights } = await quantisedCopy({ packing: 'gptq', bits: 8, groupSize: 32, symmetric: false });
  await using checkpoint = await openCheckpoint(folder);
  const reading = [...weights].map(async ([matrix, { values: expected }]) => {
    const read = new Float32Array(expected.length);
    await checkpoint.tensors.read(matrix, 0, read);
    expect(read, matrix).toEqual(expected);
  });
  await Promise.all(reading);
});

test('the pieces of a packed layer show as one matrix', async () => {
  const { folder, weights } = await quantisedCopy({ packing: 'gptq', bits: 4, groupSize: 32, symmetric: true });
  await using checkpoint = await openCheckpoint(folder);
  const { tensors } = checkpoint.tensors;
  expect(tensors.get(name)).toMatchObject({
    name,
    shape: [64, 96],
    elements: 6144,
    type: 'F16',
    bytes: 3072 + 96 + 384 + 384,
  });
  expect([...tensors.keys()].filter((key) => /\.(qweight|qzeros|scales|g_idx)$/.test(key))).toEqual([]);
  expect([...weights.keys()].every((key) => tensors.has(key))).toBe(true);
});
