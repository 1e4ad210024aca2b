import { encodeOnnx } from '@ovis/testing/browser';
import { expect, test } from 'vitest';
import { externalWeight, node } from '../../test/onnx-parts.ts';
import { graphWeights } from './graph-weights.ts';
import { joined, protobufBytes } from './protobuf-fields.ts';

test('tells the sizes of weights, and how many bits a number of them takes', () => {
  const inside = joined([node('MatMulNBits', ['x', 'inner.codes', 's'], { bits: 8 })]);
  const model = protobufBytes(7, [
    node('MatMulNBits', ['x', 'codes', 'scales'], { bits: 4 }),
    node('If', ['c'], {}, [inside]),
    externalWeight('codes', 2, [8, 2, 16]),
    externalWeight('scales', 10, [8, 2]),
    externalWeight('inner.codes', 2, [4, 4]),
    externalWeight('plain', 1, [3, 5]),
  ]);
  expect(graphWeights(model)).toEqual({
    halfPrecision: true,
    weights: [
      { name: 'codes', bits: 4, bytes: 256, parameters: 512 },
      { name: 'scales', bits: 16, bytes: 32, parameters: 16 },
      { name: 'inner.codes', bits: 8, bytes: 16, parameters: 16 },
      { name: 'plain', bits: 32, bytes: 60, parameters: 15 },
    ],
  });
});

test('reads what other encoders write', () => {
  const model = encodeOnnx({
    nodes: [{ operator: 'Add', inputs: ['x', 'one'], outputs: ['y'] }],
    constants: [{ name: 'one', dtype: 'float32', dims: [2, 3], values: [1, 2, 3, 4, 5, 6] }],
    inputs: [{ name: 'x', dtype: 'float32', shape: ['S', 3] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['S', 3] }],
  });
  expect(graphWeights(model)).toEqual({
    halfPrecision: false,
    weights: [{ name: 'one', bits: 32, bytes: 24, parameters: 6 }],
  });
});

test.each([
  [Uint8Array.of(1, 2, 3)],
  [Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f)],
  [new Uint8Array(100).fill(0xff)],
  [new Uint8Array()],
])('leaves bytes that are no graph to the runtime (%#)', (bytes) => {
  expect(graphWeights(bytes)).toBeNull();
});
