import type { Runtime } from './load-runtime.ts';

/** Numbers per position of the probe's attention. */
export const PROBE_SIZE = 8;

/** What the probe's graph takes; `end` is the length after the run. */
export function probeFeeds(
  runtime: Runtime,
  rows: Float32Array,
  end: number,
  { key, value }: { readonly key: Float32Array; readonly value: Float32Array },
) {
  const state = [1, 1, key.length / PROBE_SIZE, PROBE_SIZE];
  return {
    x: new runtime.Tensor('float32', rows, [1, rows.length / PROBE_SIZE, PROBE_SIZE]),
    last_position: new runtime.Tensor('int32', Int32Array.of(end - 1), [1]),
    total_length: new runtime.Tensor('int32', Int32Array.of(end), [1]),
    past_key: new runtime.Tensor('float32', key, state),
    past_value: new runtime.Tensor('float32', value, state),
  };
}

/** Attention of the last of `count` rows over all of them. */
export function lastAttention(rows: Float32Array, count: number): Float32Array {
  const at = (row: number, column: number) => rows[row * PROBE_SIZE + column] ?? 0;
  const columns = Array.from({ length: PROBE_SIZE }, (_, column) => column);
  const weights = Array.from({ length: count }, (_, row) =>
    Math.exp(columns.reduce((sum, column) => sum + at(count - 1, column) * at(row, column), 0) / Math.sqrt(PROBE_SIZE)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(columns, (column) =>
    weights.reduce((sum, weight, row) => sum + (weight / total) * at(row, column), 0),
  );
}

/** Whether `actual` begins with `expected`, to float32 noise if not to another tolerance. */
export function closeTo(actual: Float32Array, expected: Float32Array, tolerance = 1e-5): boolean {
  return expected.every((number, index) => Math.abs(number - (actual[index] ?? Number.NaN)) < tolerance);
}
