import type { InferenceSession } from 'onnxruntime-node';
import { runInPlace } from './run-in-place.ts';
import type { Runtime } from './load-runtime.ts';

/** Positions of the probe's state, and numbers per position. */
const CAPACITY = 4;
const SIZE = 8;

/**
 * Whether this runtime updates states in place: two steps of a tiny model must write outputs and states
 * into the memory that was given to them, and the second step must see what the first one wrote.
 */
export async function passesInPlaceProbe(runtime: Runtime, session: InferenceSession): Promise<boolean> {
  const key = new Float32Array(CAPACITY * SIZE);
  const value = new Float32Array(CAPACITY * SIZE);
  const rows = Float32Array.from({ length: 3 * SIZE }, (_, index) => Math.sin(index));
  const step = async (start: number, end: number) => {
    const output = new Float32Array((end - start) * SIZE);
    const feeds = feedsOf(runtime, rows.subarray(start * SIZE, end * SIZE), end, { key, value });
    await runInPlace(session, feeds, 'marker', {
      y: new runtime.Tensor('float32', output, [1, end - start, SIZE]),
      present_key: feeds.past_key,
      present_value: feeds.past_value,
    });
    return output.subarray(-SIZE);
  };
  try {
    const first = await step(0, 2);
    if (!close(first, attention(rows, 2))) return false;
    const second = await step(2, 3);
    return close(second, attention(rows, 3)) && close(key, rows) && close(value, rows);
  } catch {
    return false;
  }
}

/** What the probe's graph takes; `end` is the length after the run. */
function feedsOf(
  runtime: Runtime,
  rows: Float32Array,
  end: number,
  { key, value }: { readonly key: Float32Array; readonly value: Float32Array },
) {
  const state = [1, 1, key.length / SIZE, SIZE];
  return {
    x: new runtime.Tensor('float32', rows, [1, rows.length / SIZE, SIZE]),
    last_position: new runtime.Tensor('int32', Int32Array.of(end - 1), [1]),
    total_length: new runtime.Tensor('int32', Int32Array.of(end), [1]),
    past_key: new runtime.Tensor('float32', key, state),
    past_value: new runtime.Tensor('float32', value, state),
  };
}

/** Attention of the last of `count` rows over all of them. */
function attention(rows: Float32Array, count: number): Float32Array {
  const at = (row: number, column: number) => rows[row * SIZE + column] ?? 0;
  const columns = Array.from({ length: SIZE }, (_, column) => column);
  const weights = Array.from({ length: count }, (_, row) =>
    Math.exp(columns.reduce((sum, column) => sum + at(count - 1, column) * at(row, column), 0) / Math.sqrt(SIZE)),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float32Array.from(columns, (column) =>
    weights.reduce((sum, weight, row) => sum + (weight / total) * at(row, column), 0),
  );
}

/** Whether `actual` begins with `expected`, to float32 noise. */
function close(actual: Float32Array, expected: Float32Array): boolean {
  return expected.every((number, index) => Math.abs(number - (actual[index] ?? Number.NaN)) < 1e-5);
}
