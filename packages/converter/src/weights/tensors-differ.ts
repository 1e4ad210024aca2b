import type { TensorSource } from '../safetensors/tensor-source.ts';

/** Elements that are compared at once. */
const BATCH = 256 * 1024;

/**
 * Compares two stored tensors of one shape. Ovis2 checkpoints store the head although the config ties it to the
 * embedding; the reference keeps one of the two.
 *
 * @param onBatch - Called between batches; throws to stop.
 * @returns Whether they differ; false when one is missing.
 */
export async function tensorsDiffer(
  store: TensorSource,
  left: string,
  right: string,
  onBatch: () => void,
): Promise<boolean> {
  const [a, b] = [store.tensors.get(left), store.tensors.get(right)];
  if (a === undefined || b === undefined) return false;
  if (a.elements !== b.elements) return true;
  const leftBatch = new Float32Array(Math.min(BATCH, a.elements));
  const rightBatch = new Float32Array(leftBatch.length);
  for (let start = 0; start < a.elements; start += BATCH) {
    onBatch();
    const length = Math.min(BATCH, a.elements - start);
    await store.read(left, start, leftBatch.subarray(0, length));
    await store.read(right, start, rightBatch.subarray(0, length));
    for (let index = 0; index < length; index++) if (leftBatch[index] !== rightBatch[index]) return true;
  }
  return false;
}
