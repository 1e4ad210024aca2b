import { ModelFileError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { parseHeader } from './parse-header.ts';

const encode = (text: string) => new TextEncoder().encode(text);
/** Parses a header of a file with `dataBytes` after it. */
const parse = (header: unknown, dataBytes: number) => {
  const bytes = encode(typeof header === 'string' ? header : JSON.stringify(header));
  return parseHeader(bytes, { file: 'model.safetensors', fileBytes: 8 + bytes.byteLength + dataBytes });
};
const entry = (begin: number, end: number, shape: unknown = [(end - begin) / 4], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

test('lists tensors with their place in the file, in any order', () => {
  const header = {
    __metadata__: { format: 'pt' },
    b: entry(8, 24, [2, 2]),
    a: entry(0, 8),
    none: entry(24, 24, [0, 3]),
  };
  const start = 8 + encode(JSON.stringify(header)).byteLength;
  expect(parse(header, 24)).toEqual([
    { name: 'b', type: 'F32', shape: [2, 2], elements: 4, file: 'model.safetensors', offset: start + 8, bytes: 16 },
    { name: 'a', type: 'F32', shape: [2], elements: 2, file: 'model.safetensors', offset: start, bytes: 8 },
    { name: 'none', type: 'F32', shape: [0, 3], elements: 0, file: 'model.safetensors', offset: start + 24, bytes: 0 },
  ]);
});

test('takes a scalar, a name that JavaScript objects have, and padding after the JSON', () => {
  const json = `{"__proto__": ${JSON.stringify(entry(0, 4, []))}}     `;
  expect(parse(json, 4)).toMatchObject([{ name: '__proto__', shape: [], elements: 1 }]);
});

describe('refuses', () => {
  test.each<[string, unknown, number, RegExp]>([
    ['text that is no JSON', '{"a": ', 0, /its header is not JSON/],
    ['JSON that is no object', '[1]', 0, /no object/],
    ['null', 'null', 0, /no object/],
    ['an entry that is no object', { a: 3 }, 0, /"a" is described by 3/],
    ['an unknown dtype', { a: entry(0, 4, [1], 'F4') }, 4, /dtype "F4", which is unknown/],
    ['a dtype that is no text', { a: entry(0, 4, [1], 7) }, 4, /dtype 7/],
    ['a dtype named like a method of objects', { a: entry(0, 4, [1], 'toString') }, 4, /dtype "toString"/],
    ['a negative size', { a: entry(0, 4, [-1]) }, 4, /shape \[-1\]/],
    ['a size with a fraction', { a: entry(0, 4, [0.5]) }, 4, /shape \[0.5\]/],
    ['a size that is text', { a: entry(0, 4, ['1']) }, 4, /shape \["1"\]/],
    ['a size beyond exact numbers', { a: entry(0, 4, [2 ** 53]) }, 4, /shape/],
    ['sizes whose product is beyond exact numbers', { a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4, /needs .* bytes/],
    ['too many axes', { a: entry(0, 4, Array(9).fill(1)) }, 4, /shape/],
    ['a shape that is no list', { a: entry(0, 4, {}) }, 4, /shape \{\}/],
    ['offsets that are no pair', { a: { ...entry(0, 4), data_offsets: [0] } }, 4, /data_offsets \[0\]/],
    ['offsets that are missing', { a: { dtype: 'F32', shape: [1] } }, 4, /data_offsets undefined/],
    ['a negative offset', { a: { ...entry(0, 4), data_offsets: [-4, 0] } }, 4, /data_offsets \[-4,0\]/],
    ['an end before the begin', { a: { ...entry(0, 4), data_offsets: [4, 0] } }, 4, /begin <= end/],
    ['an end beyond the file', { a: entry(0, 8) }, 4, /the file has only .* bytes: it is truncated/],
    ['fewer bytes than the shape needs', { a: entry(0, 4, [2]) }, 4, /needs 8 bytes, but its offsets hold 4/],
    ['more bytes than the shape needs', { a: entry(0, 8, [1]) }, 8, /needs 4 bytes, but its offsets hold 8/],
    ['overlapping tensors', { a: entry(0, 8), b: entry(4, 12) }, 12, /"b" begins at byte .* overlaps/],
    ['two tensors over the same bytes', { a: entry(0, 8), b: entry(0, 8) }, 8, /"b" .* overlaps/],
    ['a gap between tensors', { a: entry(0, 4), b: entry(8, 12) }, 12, /leaves a gap of 4 bytes/],
    ['a gap before the first tensor', { a: entry(4, 8) }, 8, /leaves a gap of 4 bytes/],
    ['bytes after the last tensor', { a: entry(0, 4) }, 9, /its tensors end at byte/],
    [
      'a tensor that is listed twice',
      `{"a": ${JSON.stringify(entry(0, 4))}, "a": ${JSON.stringify(entry(0, 4))}}`,
      4,
      /"a" more than once/,
    ],
  ])('%s', (_, header, dataBytes, message) => {
    const parsing = () => parse(header, dataBytes);
    expect(parsing).toThrow(ModelFileError);
    expect(parsing).toThrow(message);
    expect(parsing).toThrow(/^model\.safetensors: .*(copy or download it again)\.$/);
  });

  test('bytes that are not UTF-8', () => {
    const place = { file: 'model.safetensors', fileBytes: 10 };
    expect(() => parseHeader(Uint8Array.of(0xff, 0xfe), place)).toThrow(/not UTF-8/);
  });
});
