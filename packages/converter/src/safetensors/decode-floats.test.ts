import { expect, test } from 'vitest';
import { floatTensor } from '../../test/safetensors-bytes.ts';
import { decodeFloats, float16ToNumber } from './decode-floats.ts';
import { floatTypes } from './element-type.ts';

const exact = [0, 1, -2.5, 0.15625, 240, -0.0078125];

test.each(floatTypes)('reads %s', (type) => {
  const { data } = floatTensor(type, [exact.length], exact);
  const floats = new Float32Array(exact.length);
  decodeFloats(type, data, floats);
  expect([...floats]).toEqual(exact);
});

test('keeps infinities, NaN and signs of bfloat16', () => {
  const floats = new Float32Array(4);
  decodeFloats('BF16', new Uint8Array(Uint16Array.of(0x7f80, 0xff80, 0x7fc0, 0x8000).buffer), floats);
  expect([...floats]).toEqual([Infinity, -Infinity, Number.NaN, -0]);
});

test.each([
  [0x0001, 2 ** -24],
  [0x03ff, 1023 * 2 ** -24],
  [0x0400, 2 ** -14],
  [0x3555, 0.333251953125],
  [0x7bff, 65504],
  [0xfbff, -65504],
  [0x7c00, Infinity],
  [0xfc00, -Infinity],
  [0x7e00, Number.NaN],
  [0x8000, -0],
])('reads float16 word %i', (word, value) => {
  expect(float16ToNumber(word)).toBe(value);
});
