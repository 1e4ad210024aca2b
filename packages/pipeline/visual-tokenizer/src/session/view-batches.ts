import type { VisionDescription } from '@ovis/core';

/**
 * What a run may take for logits, features and attention, in bytes. Runtimes hold a few such buffers at once. One view of
 * 448 x 448 pixels takes about as much; more views in a run make none of them faster.
 */
const BATCH_BYTES = 2 ** 27;

/** Copies of the features that a transformer block keeps at the same time, about. */
const FEATURE_COPIES = 8;

/** A run of views: the first, and how many. */
export type ViewBatch = { readonly start: number; readonly count: number };

/**
 * Cuts the views into runs of bounded memory: the logits alone take 262 KB per visual token with 65,532 visual
 * words. A single view is never cut, nor views whose features make up the same tokens.
 *
 * @param tokensPerGroup - Visual tokens of `together` views.
 */
export function viewBatches(
  views: number,
  patchesPerView: number,
  tokensPerGroup: number,
  vision: VisionDescription,
  together = 1,
): ViewBatch[] {
  const logits = tokensPerGroup * vision.visualVocabularySize;
  const features = together * patchesPerView * vision.hiddenSize * FEATURE_COPIES;
  const attention = together * patchesPerView ** 2 * vision.heads;
  const bytesPerGroup = (logits + features + attention) * Float32Array.BYTES_PER_ELEMENT;
  const size = together * Math.max(1, Math.floor(BATCH_BYTES / bytesPerGroup));
  const batches: ViewBatch[] = [];
  for (let start = 0; start < views; start += size) batches.push({ start, count: Math.min(size, views - start) });
  return batches;
}
