import { expect, test } from 'vitest';
import { tensorsInMemory } from '../../test/tensors-in-memory.ts';
import { readExpression } from './read-expression.ts';
import { expressionShape, type WeightExpression } from './weight-expression.ts';

const a: WeightExpression = { op: 'tensor', name: 'a', shape: [4, 3] };
const b: WeightExpression = { op: 'tensor', name: 'b', shape: [2, 3] };
const values: WeightExpression = { op: 'values', shape: [2, 3], data: Float32Array.from([50, 51, 52, 53, 54, 55]) };
const tensors = tensorsInMemory({ a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], b: [20, 21, 22, 23, 24, 25] });

const cases: readonly (readonly [string, WeightExpression, readonly number[]])[] = [
  ['a tensor', a, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
  ['rows', { op: 'rows', of: a, start: 1, end: 3 }, [3, 4, 5, 6, 7, 8]],
  ['a concatenation', { op: 'concat', parts: [b, values] }, [20, 21, 22, 23, 24, 25, 50, 51, 52, 53, 54, 55]],
  ['matrices side by side', { op: 'beside', parts: [b, values] }, [20, 21, 22, 50, 51, 52, 23, 24, 25, 53, 54, 55]],
  [
    'rows of matrices of other widths side by side',
    {
      op: 'rows',
      of: {
        op: 'beside',
        parts: [
          { op: 'reshape', of: a, shape: [3, 4] },
          { op: 'reshape', of: b, shape: [3, 2] },
        ],
      },
      start: 1,
      end: 3,
    },
    [4, 5, 6, 7, 22, 23, 8, 9, 10, 11, 24, 25],
  ],
  ['a sum', { op: 'add', of: b, value: 1 }, [21, 22, 23, 24, 25, 26]],
  ['another shape', { op: 'reshape', of: b, shape: [3, 2] }, [20, 21, 22, 23, 24, 25]],
  [
    'rows of a sum of a concatenation of rows of another shape',
    {
      op: 'rows',
      of: {
        op: 'add',
        of: {
          op: 'concat',
          parts: [
            { op: 'reshape', of: a, shape: [6, 2] },
            { op: 'reshape', of: b, shape: [3, 2] },
          ],
        },
        value: 100,
      },
      start: 4,
      end: 8,
    },
    [108, 109, 110, 111, 120, 121, 122, 123],
  ],
];

test.each(cases)('evaluates %s, whole and from any element to any other', async (_, expression, expected) => {
  expect(expressionShape(expression).reduce((product, size) => product * size, 1)).toBe(expected.length);
  for (let start = 0; start < expected.length; start++) {
    for (let end = start; end <= expected.length; end++) {
      const into = new Float32Array(end - start);
      await readExpression(expression, tensors, start, into);
      expect([...into]).toEqual(expected.slice(start, end));
    }
  }
});
