import { BinaryReader } from '@bufbuild/protobuf/wire';
import { expect, test } from 'vitest';
import { ProtobufWriter } from './protobuf-writer.ts';

function written(write: (writer: ProtobufWriter) => void): BinaryReader {
  const writer = new ProtobufWriter();
  write(writer);
  return new BinaryReader(writer.finish());
}

test.each([0, 1, 127, 128, 300, 2 ** 31, 2 ** 53 - 1])('writes %d as a varint', (value) => {
  const reader = written((writer) => writer.integer(5, value));
  expect(reader.tag()).toEqual([5, 0]);
  expect(BigInt(reader.uint64())).toBe(BigInt(value));
});

test('writes a negative number as the ten bytes that protobuf wants', () => {
  const reader = written((writer) => writer.integer(1, -1));
  reader.tag();
  expect(reader.len - reader.pos).toBe(10);
  expect(BigInt(reader.int64())).toBe(-1n);
});

test('writes field numbers beyond 15', () => {
  expect(written((writer) => writer.integer(20, 1)).tag()).toEqual([20, 0]);
});

test('writes floats, text beyond ASCII and packed integers', () => {
  const reader = written((writer) => {
    writer.float(2, 0.1);
    writer.text(3, 'größer 图');
    writer.packedIntegers(8, [3, -2, 2 ** 40]);
  });
  expect(reader.tag()).toEqual([2, 5]);
  expect(reader.float()).toBe(Math.fround(0.1));
  reader.tag();
  expect(reader.string()).toBe('größer 图');
  reader.tag();
  const end = reader.uint32() + reader.pos;
  const numbers: number[] = [];
  while (reader.pos < end) numbers.push(Number(reader.int64()));
  expect(numbers).toEqual([3, -2, 2 ** 40]);
});

test('nests messages, empty ones too', () => {
  const reader = written((writer) => {
    writer.message(7, (outer) => outer.message(1, (inner) => inner.integer(1, 9)));
    writer.message(8, () => {});
  });
  expect(reader.tag()).toEqual([7, 2]);
  const outer = new BinaryReader(reader.bytes());
  expect(outer.tag()).toEqual([1, 2]);
  expect([...outer.bytes()]).toEqual([8, 9]);
  expect(reader.tag()).toEqual([8, 2]);
  expect(reader.bytes()).toHaveLength(0);
});
