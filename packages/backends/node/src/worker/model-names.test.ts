import { ModelFileError } from '@ovis/core';
import { affineGraph, attentionGraph, encodeOnnx } from '@ovis/testing';
import { expect, test } from 'vitest';
import { attentionNodes, outputNames } from './model-names.ts';
import { messages } from './onnx-fields.ts';

test('finds the nodes that compute attention by their names', () => {
  expect(attentionNodes(attentionGraph.source)).toEqual([{ name: 'GroupQueryAttention_1', softCapped: false }]);
  expect(attentionNodes(affineGraph.source)).toEqual([]);
  expect(attentionNodes(new Uint8Array())).toEqual([]);
});

test('finds soft caps', () => {
  const value = { dtype: 'float32', shape: ['S'] } as const;
  const capped = encodeOnnx({
    nodes: [{ operator: 'GroupQueryAttention', inputs: ['x'], outputs: ['y'], integers: { softcap: 30 } }],
    inputs: [{ name: 'x', ...value }],
    outputs: [{ name: 'y', ...value }],
  });
  expect(attentionNodes(capped).map(({ softCapped }) => softCapped)).toEqual([true]);
});

test('finds nodes inside branches', () => {
  const [graph = new Uint8Array()] = messages(attentionGraph.source, 7);
  const branch = field(5, [...field(1, [0x62]), ...field(6, [...graph])]);
  const model = Uint8Array.from(field(7, field(1, [...field(4, [0x49, 0x66]), ...branch])));
  expect(attentionNodes(model)).toEqual([{ name: 'GroupQueryAttention_1', softCapped: false }]);
});

/** A field of protobuf with up to 16,383 bytes. */
function field(number: number, content: readonly number[]): number[] {
  return [number * 8 + 2, (content.length & 0x7f) | 0x80, content.length >> 7, ...content];
}

test('finds the outputs', () => {
  expect(outputNames(affineGraph.source)).toEqual(['doubled', 'shifted']);
});

test('refuses bytes that are no protobuf, wherever they end', () => {
  const { source } = attentionGraph;
  const cut = Array.from({ length: source.byteLength - 1 }, (_, index) => source.subarray(0, index + 1));
  const refused = cut.filter((bytes) => {
    try {
      attentionNodes(bytes);
      return false;
    } catch (error) {
      expect(error).toBeInstanceOf(ModelFileError);
      return true;
    }
  });
  // What remains ends between two fields.
  expect(refused.length).toBeGreaterThan(cut.length * 0.9);
  expect(() => attentionNodes(Uint8Array.of(0x3b))).toThrow(ModelFileError);
  expect(() => attentionNodes(new Uint8Array(20).fill(0xff))).toThrow(ModelFileError);
});
