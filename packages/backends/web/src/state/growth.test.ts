import { firstCapacity, grownCapacity, InvalidArgumentError } from '@ovis/core';
import { expect, test } from 'vitest';
import { generousGrowth as generous, tightGrowth as tight } from './growth.ts';

test('on a device capacities grow in steps: twice as much at first, later by 4,096 positions', () => {
  expect([0, 1, 256, 257].map((positions) => firstCapacity(positions, generous))).toEqual([256, 256, 256, 512]);
  const grown = (capacity: number, positions: number) => grownCapacity(capacity, positions, 0, generous);
  expect(grown(512, 512)).toBe(512);
  expect(grown(512, 513)).toBe(1024);
  expect(grown(512, 5000)).toBe(5120);
  expect(grown(8192, 8193)).toBe(12_288);
  expect(() => firstCapacity(-1, generous)).toThrow(InvalidArgumentError);
});

test('where room is copied at every run, there is little of it', () => {
  expect([0, 32, 33].map((positions) => firstCapacity(positions, tight))).toEqual([32, 32, 64]);
  expect(grownCapacity(64, 65, 64, tight)).toBe(96);
  expect(grownCapacity(2048, 2049, 2048, tight)).toBe(2176);
  expect(grownCapacity(8192, 8193, 8192, tight)).toBe(8448);
});
