import { join } from 'node:path';
import { type BundleManifest } from '@ovis/core';
import { fixtureCases, fixturePath } from '@ovis/testing';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../src/checkpoint/open-checkpoint.ts';
import { convertCheckpoint } from '../src/convert-checkpoint.ts';
import { inspectCheckpoint } from '../src/inspect-checkpoint.ts';
import { indicatorsWarning } from './indicators-warning.ts';
import { bundleMatrices, type BundleMatrix } from './bundle-matrices.ts';
import { relativeError } from './compare.ts';
import { DecoderRunner } from './decoder-runner.ts';
import { floatsOf } from './floats-of.ts';
import { quantisedCopy, type QuantisedCopyOptions } from './quantised-copy.ts';
import { floatTensor, type TestTensor } from './safetensors-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const variants: readonly (QuantisedCopyOptions & { readonly name: string; readonly block: number })[] = [
  { name: 'GPTQ int4', packing: 'gptq', bits: 4, groupSize: 32, symmetric: true, block: 32 },
  { name: 'GPTQ int4 with zero points', packing: 'gptq', bits: 4, groupSize: 16, symmetric: false, block: 16 },
  { name: 'GPTQ int4 of the second format', packing: 'gptq_v2', bits: 4, groupSize: 32, symmetric: false, block: 32 },
  { name: 'GPTQ int8', packing: 'gptq', bits: 8, groupSize: 32, symmetric: true, block: 32 },
  { name: 'GPTQ int8 with zero points', packing: 'gptq', bits: 8, groupSize: 32, symmetric: false, block: 32 },
  { name: 'GPTQ int8 of the second format', packing: 'gptq_v2', bits: 8, groupSize: 16, symmetric: false, block: 16 },
  {
    name: 'GPTQ int4 in act-order',
    packing: 'gptq',
    bits: 4,
    groupSize: 32,
    symmetric: true,
    block: 32,
    order: 'shared',
  },
  {
    name: 'GPTQ int8 in orders that differ between query and key',
    packing: 'gptq',
    bits: 8,
    groupSize: 16,
    symmetric: false,
    block: 16,
    order: 'apart',
  },
  { name: 'GPTQ int4 with one group', packing: 'gptq', bits: 4, groupSize: -1, symmetric: false, block: 0 },
  { name: 'AWQ', packing: 'awq', bits: 4, groupSize: 32, symmetric: false, block: 32 },
  { name: 'AWQ with groups of 16', packing: 'awq', bits: 4, groupSize: 16, symmetric: false, block: 16 },
];

describe.each(variants)('$name', ({ block, ...options }) => {
  test('is read as scale times code less zero point, to the bit', async () => {
    const { folder, weights } = await quantisedCopy(options);
    await using checkpoint = await openCheckpoint(folder);
    expect(weights.size).toBe(21);
    for (const [name, { values: expected }] of weights) {
      const read = new Float32Array(expected.length);
      await checkpoint.tensors.read(name, 0, read);
      expect(read, name).toEqual(expected);
    }
  });

  test('keeps its integers in a bundle, and computes the same as its floats', async () => {
    const { folder, weights } = await quantisedCopy(options);
    const parent = await temporaryFolder();
    const [integers, floats] = [join(parent, 'integers'), join(parent, 'floats')];
    const manifest = await convertCheckpoint(folder, integers);
    expect(manifest.dtypes).toMatchObject({ decoder: `int${options.bits}`, lmHead: 'int8', vit: 'int8' });
    expect(manifest.source.quantisation).toMatch(new RegExp(`^(gptq|awq) int${options.bits}, (groups|one group)`));
    expect(manifest.warnings).toEqual([indicatorsWarning]);
    const matrices = await bundleMatrices(integers);
    for (const [name, { values: expected }] of weights) {
      const found = find(matrices, name, expected.length);
      expect(found.matrix.bits, name).toBe(options.bits);
      if (block > 0) expect(found.matrix.blockSize, name).toBe(block);
      expect(found.values, name).toEqual(expected);
      expect(found.matrix.reordered, name).toBe(options.order !== undefined);
    }
    const plain = await convertCheckpoint(folder, floats, { dtype: 'f32' });
    expect(plain.dtypes.decoder).toBe('f32');
    expect(relativeError(await logits(integers, manifest), await logits(floats, plain))).toBeLessThan(0.05);
  });
});

test('the codes of the official fixture are those in the bundle', async () => {
  const folder = fixturePath('ovis2-gptq-int4-tiny');
  const bundle = join(await temporaryFolder(), 'bundle');
  await convertCheckpoint(folder, bundle, { dtype: 'int4', prefill: 'same' });
  const matrices = await bundleMatrices(bundle);
  await using checkpoint = await openCheckpoint(folder);
  const name = 'llm.model.layers.1.mlp.down_proj';
  const words = new Int32Array(12 * 64);
  await checkpoint.stored.readBytes(`${name}.qweight`, 0, new Uint8Array(words.buffer));
  const codes = matrices.get(`${name}.weight`)?.codes ?? new Uint8Array();
  expect(codes.length).toBe(64 * 96);
  codes.forEach((code, index) => {
    const [output, input] = [Math.floor(index / 96), index % 96];
    expect(code).toBe(((words[(input >> 3) * 64 + output] ?? 0) >>> (4 * (input % 8))) & 15);
  });
});

test('the matrices of the official fixture are read as the reference has them, to the bit', async () => {
  await using checkpoint = await openCheckpoint(fixturePath('ovis2-gptq-int4-tiny'));
  const golden = fixtureCases('ovis2-gptq-int4-tiny').find(({ name }) => name === 'dequantised-weights');
  expect(golden?.tensors.size).toBe(5);
  for (const [name, { data, shape }] of golden?.tensors ?? []) {
    expect(checkpoint.tensors.tensors.get(name)?.shape, name).toEqual(shape);
    const read = new Float32Array(data.length);
    await checkpoint.tensors.read(name, 0, read);
    expect(read, name).toEqual(data);
  }
});

test('a summary tells how the checkpoint is quantised', async () => {
  const { quantisation, parts, dtypes } = await inspectCheckpoint(fixturePath('ovis2-gptq-int4-tiny'));
  expect(quantisation).toEqual({
    method: 'gptq',
    bits: 4,
    groupSize: 32,
    zeroPoints: 'less-one',
    matrices: 21,
    description: 'gptq int4, groups of 32',
  });
  expect(dtypes.I32?.tensors).toBe(63);
  expect(parts.decoder.parameters).toBe(3 * (2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 96 + 2 * 64 + 128) + 64);
});

test.each([
  { name: 'too small groups', groupSize: 8, order: undefined },
  { name: 'groups of unequal size', groupSize: 32, order: 'uneven' as const },
])('$name are quantised again, and a warning says so', async ({ groupSize, order }) => {
  const options = { packing: 'gptq', bits: 4, groupSize, symmetric: true } as const;
  const { folder, weights } = await quantisedCopy(order === undefined ? options : { ...options, order });
  const bundle = join(await temporaryFolder(), 'bundle');
  const manifest = await convertCheckpoint(folder, bundle);
  expect(manifest.warnings).toEqual([
    indicatorsWarning,
    expect.stringMatching(/^21 quantised matrices have groups that.*dtype f16/),
  ]);
  expect(manifest.dtypes.decoder).toBe('int8');
  await using checkpoint = await openCheckpoint(folder);
  for (const [name, { values: expected }] of weights) {
    const read = new Float32Array(expected.length);
    await checkpoint.tensors.read(name, 0, read);
    expect(read, name).toEqual(expected);
  }
});

test.each(['ovis2.6-moe-tiny', 'ovis2.6-next-tiny'])(
  'the packed layers of %s keep their integers, too',
  async (model) => {
    const options = { model, packing: 'gptq', bits: 4, groupSize: 16, symmetric: false, order: 'apart' } as const;
    const { folder, weights } = await quantisedCopy(options);
    const bundle = join(await temporaryFolder(), 'bundle');
    const manifest = await convertCheckpoint(folder, bundle);
    expect(manifest.warnings).toEqual([]);
    expect(manifest.dtypes.decoder).toBe('int4');
    const matrices = await bundleMatrices(bundle);
    // Layers join and reorder outputs, so rows are looked for one by one.
    const rows = new Set([...matrices.values()].flatMap(({ inputs, values }) => rowsOf(values, inputs)));
    for (const [name, { inputs, values }] of weights) {
      const missing = rowsOf(values, inputs).filter((row) => !rows.has(row));
      expect(missing.length, name).toBe(0);
    }
  },
);

describe('a bias that the model does not have', () => {
  const name = 'llm.model.layers.0.self_attn.o_proj.bias';
  const convert = async (value: number) => {
    const bias = floatTensor('F16', [64], [...Array.from({ length: 63 }, () => 0), value]);
    const change = (tensors: Record<string, TestTensor>) => (tensors[name] = bias);
    const options = { packing: 'gptq', bits: 4, groupSize: 32, symmetric: true, change } as const;
    return convertCheckpoint((await quantisedCopy(options)).folder, join(await temporaryFolder(), 'bundle'));
  };

  test('is left out where it is zero', async () => {
    const { unusedTensors } = await convert(0);
    expect(unusedTensors).toContainEqual({ name, reason: expect.stringMatching(/bias of zeros/) });
  });

  test('is refused where it is not', async () => {
    await expect(convert(1)).rejects.toThrow(/o_proj\.bias is in the checkpoint \[64\], but the model does not use it/);
  });
});

/** A matrix of the bundle; query, key and value may lie on top of each other in one. */
function find(matrices: ReadonlyMap<string, BundleMatrix>, name: string, length: number) {
  const own = matrices.get(name);
  if (own !== undefined) return { matrix: own, values: own.values };
  const packed = matrices.get(name.replace(/[qkv]_proj/, 'qkv_proj'));
  if (packed === undefined) throw new Error(`The bundle holds no ${name}.`);
  const start = new Map([
    ['q', 0],
    ['k', packed.values.length / 2],
    ['v', (packed.values.length * 3) / 4],
  ]).get(/([qkv])_proj/.exec(name)?.[1] ?? '');
  return { matrix: packed, values: packed.values.slice(start, (start ?? 0) + length) };
}

function rowsOf(values: Float32Array, inputs: number): readonly string[] {
  return Array.from({ length: values.length / inputs }, (_, row) =>
    values.subarray(row * inputs, (row + 1) * inputs).join(),
  );
}

async function logits(bundle: string, { graphs, model }: BundleManifest): Promise<Float32Array> {
  const prompt = fixtureCases('ovis2-gptq-int4-tiny').find(({ name }) => name === 'single-wide')?.tensors;
  const session = await InferenceSession.create(join(bundle, 'decoder.onnx'));
  const embeddings = floatsOf(prompt?.get('inputs_embeds'));
  const { hiddenSize, vocabularySize } = model.language;
  const length = embeddings.length / hiddenSize;
  const decoder = { session, signature: graphs.decoder.signature };
  const outputs = await new DecoderRunner(decoder, { hiddenSize, vocabularySize }, length).run(embeddings, [
    length - 1,
  ]);
  return floatsOf(outputs['logits']);
}
