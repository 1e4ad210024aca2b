import { expect, test } from 'vitest';
import type { StateSpec } from '../graph-contract.ts';
import { sameStates } from './same-states.ts';

const key: StateSpec = {
  input: 'past.key',
  output: 'present.key',
  dtype: 'float32',
  shape: [1, 2, 'T', 64],
  growingAxis: 2,
};
const sum: StateSpec = { input: 'past.sum', output: 'present.sum', dtype: 'float32', shape: [1, 4], growingAxis: null };

test('states are the same in any order and whatever the growing axis is called', () => {
  expect(sameStates([key, sum], [sum, { ...key, shape: [1, 2, 'capacity', 64] }])).toBe(true);
  expect(sameStates([], [])).toBe(true);
});

test.each<[string, readonly StateSpec[]]>([
  ['another name', [{ ...key, input: 'past.keys' }, sum]],
  ['another output', [{ ...key, output: 'present.keys' }, sum]],
  ['another type', [{ ...key, dtype: 'float16' }, sum]],
  ['another size', [{ ...key, shape: [1, 4, 'T', 64] }, sum]],
  ['another rank', [{ ...key, shape: [2, 'T', 64] }, sum]],
  ['another growing axis', [{ ...key, growingAxis: null }, sum]],
  ['one less', [key]],
  ['the same one twice', [key, key]],
])('states differ by %s', (_, other) => {
  expect(sameStates([key, sum], other)).toBe(false);
});
