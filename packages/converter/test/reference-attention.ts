import type { Tensors } from './evaluate-weight.ts';

/** Sizes of {@link referenceAttention}. */
export type ReferenceSizes = {
  readonly width: number;
  readonly heads: number;
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly theta: number;
  /** Values of a head that are rotated. Default: all. */
  readonly rotarySize?: number;
  /** Positions that are attended to, the current one included. Default: all. */
  readonly window?: number;
  /** `c` of `c * tanh(score / c)`. Default: none. */
  readonly softCap?: number;
};

/** Causal grouped attention of `x [S, width]` from the formula, in float64; gives `[S, heads*headSize]`. */
export function referenceAttention(x: Float32Array, weights: Tensors, sizes: ReferenceSizes): Float32Array {
  const { width, heads, keyValueHeads, headSize, theta, rotarySize = headSize, window = Infinity } = sizes;
  const { softCap = Infinity } = sizes;
  const length = x.length / width;
  const result = new Float32Array(length * heads * headSize);
  const head = (name: string, position: number, index: number) => {
    const row = x.subarray(position * width, (position + 1) * width);
    const projected = project(row, weights, name, index * headSize, headSize);
    if (name === 'v') return projected;
    const normed = normalise(projected, weights, name);
    return [...rotate(normed.slice(0, rotarySize), position, theta), ...normed.slice(rotarySize)];
  };
  for (let position = 0; position < length; position++) {
    for (let index = 0; index < heads; index++) {
      const shared = Math.floor((index * keyValueHeads) / heads);
      const query = head('q', position, index);
      const seen = Array.from({ length: position + 1 }, (_, other) => other).filter(
        (other) => position - other < window,
      );
      const scores = seen
        .map((other) => dot(query, head('k', other, shared)) / Math.sqrt(headSize))
        .map((score) => (softCap === Infinity ? score : softCap * Math.tanh(score / softCap)));
      const top = Math.max(...scores);
      const shares = scores.map((score) => Math.exp(score - top));
      const whole = shares.reduce((sum, share) => sum + share, 0);
      const values = seen.map((other) => head('v', other, shared)); // in the order of the shares
      for (let channel = 0; channel < headSize; channel++) {
        const sum = values.reduce((all, value, other) => all + (value[channel] ?? 0) * (shares[other] ?? 0), 0);
        result[(position * heads + index) * headSize + channel] = sum / whole;
      }
    }
  }
  return result;
}

function project(row: Float32Array, weights: Tensors, name: string, start: number, count: number): number[] {
  const matrix = weights.get(`attention.${name}_proj.weight`)?.data ?? [];
  const bias = weights.get(`attention.${name}_proj.bias`)?.data;
  return Array.from({ length: count }, (_, output) => {
    const offset = (start + output) * row.length;
    return row.reduce(
      (sum, value, input) => sum + value * Number(matrix[offset + input]),
      Number(bias?.[start + output] ?? 0),
    );
  });
}

function normalise(head: readonly number[], weights: Tensors, name: string): readonly number[] {
  const weight = weights.get(`attention.${name}_norm.weight`)?.data;
  if (!weight) return head;
  const size = Math.sqrt(dot(head, head) / head.length + 1e-6);
  return head.map((value, index) => (value / size) * Number(weight[index]));
}

function rotate(head: readonly number[], position: number, theta: number): number[] {
  const half = head.length / 2;
  return head.map((value, index) => {
    const angle = position * theta ** ((-2 * (index % half)) / head.length);
    const other = head[(index + half) % head.length] ?? 0;
    return value * Math.cos(angle) + (index < half ? -other : other) * Math.sin(angle);
  });
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}
