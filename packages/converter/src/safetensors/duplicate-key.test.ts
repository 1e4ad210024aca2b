import { expect, test } from 'vitest';
import { duplicateKey } from './duplicate-key.ts';

test.each([
  ['{"a": 1, "b": 2}', undefined],
  ['{}', undefined],
  ['{"a": 1, "a": 2}', 'a'],
  ['{"a": {"x": 1}, "b": {"x": 1}}', undefined],
  ['{"a": ["a", "b"], "b": "a"}', undefined],
  ['{"a\\"": 1, "a\\u0022" : 2}', 'a"'],
  ['{"a": "{\\"a\\": [", "b": 1,\n "b"\t: 2}', 'b'],
  ['{"\\\\": 1, "\\\\": 2}', '\\'],
])('finds the first key that %s holds twice', (json, expected) => {
  expect(duplicateKey(json)).toBe(expected);
});
