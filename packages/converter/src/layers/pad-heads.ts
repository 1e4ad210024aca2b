import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';

/** Number of heads, and the size of each before and after zeros are added. */
export type HeadPadding = { readonly heads: number; readonly headSize: number; readonly storedSize: number };

/** Adds zeros to the end of every head: `[1, S, heads*headSize]` to `[1, S, heads*storedSize]`. */
export function padHeads(g: GraphBuilder, x: Value, scope: Scope, padding: HeadPadding): Value {
  const { heads, headSize, storedSize } = padding;
  if (storedSize === headSize) return x;
  const positions = x.shape.slice(0, -1);
  const apart = g.reshape(x, [...positions, heads, headSize], scope);
  const padded = g.padEnd(apart, [0, 0, 0, storedSize - headSize], scope);
  return g.reshape(padded, [...positions, heads * storedSize], scope);
}

/** Takes them away again: `[1, S, heads*storedSize]` to `[1, S, heads*headSize]`. */
export function cutHeads(g: GraphBuilder, x: Value, scope: Scope, padding: HeadPadding): Value {
  const { heads, headSize, storedSize } = padding;
  if (storedSize === headSize) return x;
  const positions = x.shape.slice(0, -1);
  const apart = g.reshape(x, [...positions, heads, storedSize], scope);
  const [kept = apart] = g.split(apart, [headSize, storedSize - headSize], scope);
  return g.reshape(kept, [...positions, heads * headSize], scope);
}
