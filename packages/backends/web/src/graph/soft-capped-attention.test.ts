import { expect, test } from 'vitest';
import { node, small, text } from '../../test/onnx-parts.ts';
import { protobufBytes } from './protobuf-fields.ts';
import { softCappedAttention } from './soft-capped-attention.ts';

/** A node with an attribute of one float. */
function capped(name: string, operator: string, softcap: number): Uint8Array {
  const float = Uint8Array.of(2 * 8 + 5, ...new Uint8Array(Float32Array.of(softcap).buffer));
  return protobufBytes(1, [
    text(3, name),
    text(4, operator),
    protobufBytes(5, [text(1, 'softcap'), float, small(20, 1)]),
  ]);
}

test('names the nodes whose attention has a bound, in branches too', () => {
  const model = protobufBytes(7, [
    capped('bounded', 'GroupQueryAttention', 50),
    capped('free', 'GroupQueryAttention', 0),
    capped('other', 'Attention', 50),
    node('GroupQueryAttention', ['x'], { num_heads: 1 }),
    node('If', ['single'], {}, [capped('inside', 'GroupQueryAttention', 50)]),
  ]);
  expect(softCappedAttention(model)).toEqual(['bounded', 'inside']);
  expect(softCappedAttention(Uint8Array.of(1, 2, 3))).toEqual([]);
});
