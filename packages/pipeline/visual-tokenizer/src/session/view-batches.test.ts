import { expect, test } from 'vitest';
import { viewBatches } from './view-batches.ts';

const ovis2 = {
  architecture: 'aimv2',
  hiddenSize: 1024,
  layers: 24,
  heads: 8,
  patchSize: 14,
  mergeStride: 2,
  visualVocabularySize: 65_531,
  indicators: 5,
};

test('cuts many large views into small runs that cover all of them in order', () => {
  const batches = viewBatches(10, 1024, 256, ovis2);
  expect(batches.length).toBeGreaterThan(3);
  expect(batches.map(({ count }) => count).reduce((sum, count) => sum + count, 0)).toBe(10);
  for (const [i, { start }] of batches.entries()) {
    expect(start).toBe(batches.slice(0, i).reduce((sum, { count }) => sum + count, 0));
  }
});

test('runs a view that is larger than the bound alone', () => {
  expect(viewBatches(2, 9408, 2352, ovis2)).toEqual([
    { start: 0, count: 1 },
    { start: 1, count: 1 },
  ]);
});

test('runs small views together', () => {
  expect(viewBatches(5, 16, 4, { ...ovis2, visualVocabularySize: 195 })).toEqual([{ start: 0, count: 5 }]);
});

test('never parts views that make up the same tokens', () => {
  expect(viewBatches(10, 9408, 2352, ovis2, 5)).toEqual([
    { start: 0, count: 5 },
    { start: 5, count: 5 },
  ]);
});
