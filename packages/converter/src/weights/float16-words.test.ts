import { expect, test } from 'vitest';
import { float16ToNumber } from '../safetensors/decode-floats.ts';
import { float16Words } from './float16-words.ts';

const word = (value: number) => {
  const words = new Uint16Array(1);
  const overflows = float16Words(Float32Array.of(value), words);
  return { word: words[0] ?? 0, overflows };
};

test('gives back every float16', () => {
  const all = Array.from({ length: 0x10000 }, (_, index) => index).filter(
    (index) => !Number.isNaN(float16ToNumber(index)),
  );
  const words = new Uint16Array(all.length);
  expect(float16Words(Float32Array.from(all, float16ToNumber), words)).toBe(0);
  expect(all.filter((expected, index) => words[index] !== expected)).toEqual([]);
});

test('rounds what lies between two of them to the nearer, halves to the even one', () => {
  const wrong = Array.from({ length: 0x7bff }, (_, lower) => lower).filter((lower) => {
    const [low, high] = [float16ToNumber(lower), float16ToNumber(lower + 1)];
    const middle = (low + high) / 2;
    const near = (middle - low) / 64;
    const even = lower % 2 === 0 ? lower : lower + 1;
    const rounded = [middle, middle - near, middle + near].map((value) => word(value).word);
    return rounded.join() !== [even, lower, lower + 1].join();
  });
  expect(wrong).toEqual([]);
  expect(word(-0.1).word).toBe(word(0.1).word | 0x8000);
});

test('makes numbers too large the largest, and counts them', () => {
  expect(word(65519)).toEqual({ word: 0x7bff, overflows: 0 });
  expect(word(65520)).toEqual({ word: 0x7bff, overflows: 1 });
  expect(word(-1e38)).toEqual({ word: 0xfbff, overflows: 1 });
});

test('keeps infinities, NaN and the sign of zero', () => {
  expect(word(Infinity)).toEqual({ word: 0x7c00, overflows: 0 });
  expect(word(-Infinity)).toEqual({ word: 0xfc00, overflows: 0 });
  expect(word(-0).word).toBe(0x8000);
  expect(float16ToNumber(word(Number.NaN).word)).toBeNaN();
  expect(word(1e-45).word).toBe(0);
});
