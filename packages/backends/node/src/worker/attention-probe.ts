import type { InferenceSession } from 'onnxruntime-node';
import type { Runtime } from './load-runtime.ts';
import { closeTo, lastAttention, probeFeeds, PROBE_SIZE } from './probe-attention.ts';

/** From 32 rows on ONNX Runtime takes another kernel. */
const ROWS = 40;

/** Devices round exponentials as they like; wrong rows are off by tenths. */
const TOLERANCE = 1e-3;

/**
 * Whether this device computes attention over many rows as it should. The kernel of ONNX Runtime 1.30 shuffles over
 * subgroups of at least 8 lanes; where they have fewer (Vulkan in software has 4), most of its rows are wrong.
 */
export async function passesAttentionProbe(runtime: Runtime, session: InferenceSession): Promise<boolean> {
  const rows = Float32Array.from({ length: ROWS * PROBE_SIZE }, (_, index) => Math.sin(index));
  const room = () => new Float32Array(ROWS * PROBE_SIZE);
  const results = await session.run(probeFeeds(runtime, rows, ROWS, { key: room(), value: room() }), ['y']);
  const y = results['y']?.data;
  if (!(y instanceof Float32Array)) return false;
  return Array.from({ length: ROWS }, (_, row) => row).every((row) =>
    closeTo(y.subarray(row * PROBE_SIZE), lastAttention(rows, row + 1), TOLERANCE),
  );
}
