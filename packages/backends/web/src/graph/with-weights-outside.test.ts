import { expect, test } from 'vitest';
import { externalWeight, insideWeight, node, text } from '../../test/onnx-parts.ts';
import { joined, protobufBytes } from './protobuf-fields.ts';
import { withWeightsOutside } from './with-weights-outside.ts';

test('external weights of bodies, however deep, move to the graph around them; all else stays', () => {
  const deep = externalWeight('deep', 1, [2]);
  const shallow = externalWeight('shallow', 1, [3]);
  const own = externalWeight('own', 1, [4]);
  const body = (weights: readonly Uint8Array[], inner: readonly Uint8Array[]) =>
    joined([node('Scan', ['x'], { axis: 1 }, inner), text(2, 'body'), insideWeight('number'), ...weights]);
  const model = (outside: readonly Uint8Array[], first: readonly Uint8Array[], second: readonly Uint8Array[]) =>
    joined([
      text(2, 'producer'),
      protobufBytes(7, [node('Loop', ['y'], {}, [body(first, [body(second, [])])]), text(2, 'graph'), own, ...outside]),
      protobufBytes(8, [text(1, 'com.microsoft')]),
    ]);
  expect(withWeightsOutside(model([], [shallow], [deep]))).toEqual(model([shallow, deep], [], []));
});

test('a file without such weights is given back as it is', () => {
  const model = protobufBytes(7, [node('Add', ['x', 'w']), externalWeight('w', 1, [2])]);
  expect(withWeightsOutside(model)).toBe(model);
  const broken = Uint8Array.of(0x3a, 0x05, 0x0a);
  expect(withWeightsOutside(broken)).toBe(broken);
});
