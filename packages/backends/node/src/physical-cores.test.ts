import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { coresOf, physicalCores } from './physical-cores.ts';

const thread = (socket: number, core: number) => `processor\t: 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}\n\n`;

test('counts a core with two threads once, and equal cores of two sockets twice', () => {
  expect(coresOf([thread(0, 0), thread(0, 1), thread(0, 0), thread(0, 1)].join(''))).toBe(2);
  expect(coresOf([thread(0, 0), thread(1, 0)].join(''))).toBe(2);
});

test('does not know where the system does not name cores', () => {
  expect(coresOf('processor\t: 0\nBogoMIPS\t: 50.00\n')).toBeNull();
});

test('gives at least one and no more than the process may use', () => {
  expect(physicalCores()).toBeGreaterThanOrEqual(1);
  expect(physicalCores()).toBeLessThanOrEqual(availableParallelism());
});
