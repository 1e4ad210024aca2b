import { WeightMismatchError } from '@ovis/core';
import { expect, test } from 'vitest';
import type { StoredTensor } from '../safetensors/stored-tensor.ts';
import { checkWeights, type WeightUse } from './check-weights.ts';
import type { WeightExpression } from './weight-expression.ts';

const stored = (
  name: string,
  shape: readonly number[],
  type: StoredTensor['type'] = 'BF16',
): [string, StoredTensor] => [
  name,
  { name, type, shape, elements: shape.reduce((product, size) => product * size, 1), file: 'f', offset: 0, bytes: 0 },
];
const tensor = (name: string, shape: readonly number[]): WeightExpression => ({ op: 'tensor', name, shape });
const use = (expression: WeightExpression, part: WeightUse['part'] = 'decoder'): WeightUse => ({ part, expression });
const rows = (of: WeightExpression, start: number, end: number): WeightExpression => ({ op: 'rows', of, start, end });
const nothing = { unused: [], shared: new Set<string>() };

test('counts parameters by part and lists what is left over with its reason', () => {
  const tensors = new Map([stored('a', [4, 2]), stored('b', [3]), stored('layers.7.norm', [2])]);
  const a = tensor('a', [4, 2]);
  const uses = [use(rows(a, 0, 1), 'vit'), use(tensor('b', [3])), use(rows(a, 1, 4), 'visualHead')];
  const balance = checkWeights(uses, tensors, { ...nothing, unused: [{ pattern: /\.norm$/, reason: 'final norm' }] });
  expect(balance.parameters).toMatchObject({ vit: 2, decoder: 3, visualHead: 6, lmHead: 0 });
  expect(balance.unusedTensors).toEqual([{ name: 'layers.7.norm', reason: 'final norm' }]);
});

test('counts a shared tensor once, where it is used first', () => {
  const a = tensor('a', [4, 2]);
  const balance = checkWeights([use(a, 'textTable'), use(a, 'lmHead')], new Map([stored('a', [4, 2])]), {
    ...nothing,
    shared: new Set(['a']),
  });
  expect(balance.parameters).toMatchObject({ textTable: 8, lmHead: 0 });
});

test('lists all offenders at once, each of them one time', () => {
  const tensors = new Map([
    stored('shape', [2, 3]),
    stored('type', [2], 'I32'),
    stored('left', [5]),
    stored('twice', [2]),
    stored('part', [4, 2]),
    stored('fine', [1]),
  ]);
  const uses = [
    use(tensor('shape', [3, 2])),
    use(tensor('missing', [7])),
    use(rows(tensor('missing', [7]), 0, 1)),
    use(tensor('type', [2])),
    use(tensor('twice', [2])),
    use(tensor('twice', [2])),
    use(rows(tensor('part', [4, 2]), 0, 3)),
    use(tensor('fine', [1])),
  ];
  let error: unknown;
  try {
    checkWeights(uses, tensors, nothing);
  } catch (thrown) {
    error = thrown;
  }
  expect(WeightMismatchError.isInstance(error) && error.details['offenders']).toEqual([
    { tensor: 'shape', problem: 'has shape [2, 3]; the model needs [3, 2]' },
    { tensor: 'missing', problem: 'is missing; the model needs it with shape [7]' },
    { tensor: 'type', problem: 'has type I32; the model needs one of F32, F16, BF16, F64' },
    { tensor: 'left', problem: 'is in the checkpoint [5], but the model does not use it' },
    { tensor: 'twice', problem: 'is used more than once' },
    { tensor: 'part', problem: 'is used in part: elements 6 to 7 are left over' },
  ]);
  expect(String(error)).toMatch(/6 tensors of the checkpoint do not fit.*\n- shape has shape/);
});

test('shows forty offenders and keeps the others in the details', () => {
  const tensors = new Map(Array.from({ length: 60 }, (_, index) => stored(`t${index}`, [1])));
  expect(() => checkWeights([], tensors, nothing)).toThrow(/- t39 .*\n- and 20 more$/);
});
