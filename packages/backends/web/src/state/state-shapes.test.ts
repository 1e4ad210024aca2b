import { GraphContractError, InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import { assertUsed, firstCapacity, grownCapacity, shapeAt, withKnown } from './state-shapes.ts';

test('capacities grow in steps: twice as much at first, later by 4,096 positions', () => {
  expect([0, 1, 256, 257].map(firstCapacity)).toEqual([256, 256, 256, 512]);
  expect(grownCapacity(512, 512)).toBe(512);
  expect(grownCapacity(512, 513)).toBe(1024);
  expect(grownCapacity(512, 5000)).toBe(5120);
  expect(grownCapacity(8192, 8193)).toBe(12_288);
  expect(() => firstCapacity(-1)).toThrow(InvalidArgumentError);
});

test('only positions that there are can be kept', () => {
  assertUsed(256, 256);
  expect(() => assertUsed(257, 256)).toThrow(InvalidArgumentError);
});

test('shapes take the capacity on their growing axis and numbers of the file elsewhere', () => {
  const spec = { input: 'past', output: 'present', dtype: 'float32', shape: [1, 'K', 'T', 8], growingAxis: 2 } as const;
  expect(() => shapeAt(spec, 256)).toThrow(GraphContractError);
  expect(shapeAt({ ...spec, shape: withKnown(spec.shape, [1, 3, 'past', 8]) }, 256)).toEqual([1, 3, 256, 8]);
});
