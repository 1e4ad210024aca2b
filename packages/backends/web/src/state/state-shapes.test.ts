import { GraphContractError, InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import {
  assertUsed,
  firstCapacity,
  generousGrowth,
  grownCapacity,
  shapeAt,
  tightGrowth,
  withKnown,
} from './state-shapes.ts';

test('on a device capacities grow in steps: twice as much at first, later by 4,096 positions', () => {
  expect([0, 1, 256, 257].map((positions) => firstCapacity(positions, generousGrowth))).toEqual([256, 256, 256, 512]);
  const grown = (capacity: number, positions: number) => grownCapacity(capacity, positions, generousGrowth);
  expect(grown(512, 512)).toBe(512);
  expect(grown(512, 513)).toBe(1024);
  expect(grown(512, 5000)).toBe(5120);
  expect(grown(8192, 8193)).toBe(12_288);
  expect(() => firstCapacity(-1, generousGrowth)).toThrow(InvalidArgumentError);
});

test('where room is copied at every run, there is little of it', () => {
  expect([0, 32, 33].map((positions) => firstCapacity(positions, tightGrowth))).toEqual([32, 32, 64]);
  expect(grownCapacity(64, 65, tightGrowth)).toBe(96);
  expect(grownCapacity(2048, 2049, tightGrowth)).toBe(2176);
  expect(grownCapacity(8192, 8193, tightGrowth)).toBe(8448);
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
