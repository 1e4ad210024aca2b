import { RuntimeFailureError } from '@ovis/core';
import type { PenalisedScores } from './scores.ts';

/** The most likely token, the lowest id where several are; null when it may be one that is not listed. */
export function pickLargest({ ids, logits, bound }: PenalisedScores): number | null {
  let best = -1;
  let bestLogit = -Infinity;
  for (let index = 0; index < logits.length; index++) {
    const logit = logits[index] ?? Number.NaN;
    const id = ids === null ? index : (ids[index] ?? -1);
    if (logit > bestLogit || (logit === bestLogit && (best === -1 || id < best))) {
      best = id;
      bestLogit = logit;
    }
  }
  if (best === -1) throw notANumber();
  return bestLogit > bound ? best : null;
}

/** The model computed NaN everywhere. */
export function notANumber(): RuntimeFailureError {
  return new RuntimeFailureError(
    'The model returned no number for any token (all are NaN). Its weights or the embeddings of the prompt are ' +
      'broken, or overflow in float16: convert the checkpoint with another dtype.',
  );
}
