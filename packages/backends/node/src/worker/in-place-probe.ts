import type { InferenceSession } from 'onnxruntime-node';
import { runInPlace } from './run-in-place.ts';
import type { Runtime } from './load-runtime.ts';
import { closeTo, lastAttention, probeFeeds, PROBE_SIZE } from './probe-attention.ts';

/** Positions of the probe's state. */
const CAPACITY = 4;

/**
 * Whether this runtime updates states in place: a few steps of a tiny model must write outputs and states into the memory
 * that was given to them, and each step must see what the ones before it wrote.
 */
export async function passesInPlaceProbe(runtime: Runtime, session: InferenceSession): Promise<boolean> {
  const key = new Float32Array(CAPACITY * PROBE_SIZE);
  const value = new Float32Array(CAPACITY * PROBE_SIZE);
  const rows = Float32Array.from({ length: CAPACITY * PROBE_SIZE }, (_, index) => Math.sin(index));
  const step = async (start: number, end: number) => {
    const output = new Float32Array((end - start) * PROBE_SIZE);
    const feeds = probeFeeds(runtime, rows.subarray(start * PROBE_SIZE, end * PROBE_SIZE), end, { key, value });
    await runInPlace(session, feeds, 'marker', {
      y: new runtime.Tensor('float32', output, [1, end - start, PROBE_SIZE]),
      present_key: feeds.past_key,
      present_value: feeds.past_value,
    });
    return output.subarray(-PROBE_SIZE);
  };
  try {
    const first = await step(0, 2);
    if (!closeTo(first, lastAttention(rows, 2))) return false;
    if (!closeTo(await step(2, 3), lastAttention(rows, 3))) return false;
    if (!closeTo(await step(3, 4), lastAttention(rows, 4))) return false;
    return closeTo(key, rows) && closeTo(value, rows);
  } catch {
    return false;
  }
}
