import { expect, test } from 'vitest';
import { GraphContractError } from '../errors/graph-contract-error.ts';
import { knownShape, stateShape } from './state-shape.ts';

test('shapes take the capacity on their growing axis and numbers of the file elsewhere', () => {
  const spec = { input: 'past', output: 'present', dtype: 'float32', shape: [1, 'K', 'T', 8], growingAxis: 2 } as const;
  expect(() => stateShape(spec, 256)).toThrow(GraphContractError);
  expect(stateShape({ ...spec, shape: knownShape(spec.shape, [1, 3, 'past', 8]) }, 256)).toEqual([1, 3, 256, 8]);
});
