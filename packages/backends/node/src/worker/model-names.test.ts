import { ModelFileError } from '@ovis/core';
import { affineGraph, attentionGraph } from '@ovis/testing';
import { expect, test } from 'vitest';
import { attentionNodes, outputNames } from './model-names.ts';

test('finds the nodes that compute attention by their names', () => {
  expect(attentionNodes(attentionGraph.source)).toEqual(['GroupQueryAttention_1']);
  expect(attentionNodes(affineGraph.source)).toEqual([]);
  expect(attentionNodes(new Uint8Array())).toEqual([]);
});

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
