import { expect, test } from 'vitest';
import { tensorsInMemory } from '../../test/tensors-in-memory.ts';
import { readExpression } from '../weights/read-expression.ts';
import { interleavedRows } from './interleaved-rows.ts';

test('takes apart rows that come in groups', async () => {
  const matrix = { op: 'tensor', name: 'm', shape: [8, 1] } as const;
  const tensors = tensorsInMemory({ m: [0, 1, 2, 3, 4, 5, 6, 7] });
  const kinds = interleavedRows(matrix, 2, [1, 3]);
  const read = await Promise.all(
    kinds.map(async (kind, index) => {
      const into = new Float32Array([2, 6][index] ?? 0);
      await readExpression(kind, tensors, 0, into);
      return [...into];
    }),
  );
  expect(read).toEqual([
    [0, 4],
    [1, 2, 3, 5, 6, 7],
  ]);
});
