import { describe, expect, test } from 'vitest';
import { InvalidArgumentError } from '../errors/invalid-argument-error.ts';
import { ShapeMismatchError } from '../errors/shape-mismatch-error.ts';
import { float32Tensor, int32Tensor } from '../tensor.ts';
import { bindDimensions, boundShape } from './bind-dimensions.ts';

const specs = {
  x: { dtype: 'float32', shape: ['S', 2] },
  y: { dtype: 'float32', shape: ['S'] },
} as const;
const y = float32Tensor(new Float32Array(3), [3]);

describe('bindDimensions', () => {
  test('gives the numbers behind the letters', () => {
    const bound = bindDimensions(specs, { x: float32Tensor(new Float32Array(6), [3, 2]), y });
    expect([...bound]).toEqual([['S', 3]]);
    expect(boundShape(['S', 7], bound)).toEqual([3, 7]);
    expect(boundShape(['S', 'N'], bound)).toBeNull();
  });

  test.each([
    ['another type', int32Tensor([1, 2, 3, 4, 5, 6], [3, 2])],
    ['another rank', float32Tensor(new Float32Array(6), [6])],
    ['another number', float32Tensor(new Float32Array(9), [3, 3])],
    ['another meaning of a letter', float32Tensor(new Float32Array(8), [4, 2])],
    ['less data than the dimensions say', float32Tensor(new Float32Array(5), [3, 2])],
    ['a dimension that is no size', float32Tensor(new Float32Array(0), [-3, 2])],
  ])('refuses %s', (_, x) => {
    expect(() => bindDimensions(specs, { x, y })).toThrow(ShapeMismatchError);
  });

  test('names a missing input and a surplus one', () => {
    expect(() => bindDimensions(specs, { y })).toThrow(new InvalidArgumentError('Input x of the graph is missing.'));
    expect(() => bindDimensions({ y: specs.y }, { y, toString: y })).toThrow(InvalidArgumentError);
  });
});
