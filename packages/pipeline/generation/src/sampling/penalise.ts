import type { PenalisedScores, Scores } from './scores.ts';

/**
 * Repetition penalty as Hugging Face applies it, in float32: a logit of a token that was generated before
 * is divided by the penalty where it is positive and multiplied where it is negative.
 *
 * @returns Null when candidates cannot tell: a penalty below 1 raises tokens that are not among them.
 */
export function penalise(scores: Scores, penalty: number, generated: ReadonlySet<number>): PenalisedScores | null {
  const logits = scores.logits;
  if (scores.kind === 'all') {
    if (penalty === 1 || generated.size === 0) return { ids: null, logits, bound: -Infinity };
    const penalised = logits.slice();
    for (const id of generated) {
      const logit = penalised[id];
      if (logit !== undefined) penalised[id] = penalisedLogit(logit, penalty);
    }
    return { ids: null, logits: penalised, bound: -Infinity };
  }
  const complete = scores.ids.length >= scores.vocabularySize;
  if (!complete && penalty < 1 && [...generated].some((id) => !scores.ids.includes(id))) return null;
  // In the order of their ids, so that equals are in the same order as among all logits.
  const order = [...scores.ids.keys()].toSorted((left, right) => (scores.ids[left] ?? 0) - (scores.ids[right] ?? 0));
  const ids = order.map((index) => scores.ids[index] ?? 0);
  return {
    ids,
    logits: Float32Array.from(order, (index, rank) => {
      const logit = logits[index] ?? Number.NaN;
      return generated.has(ids[rank] ?? -1) ? penalisedLogit(logit, penalty) : logit;
    }),
    bound: complete ? -Infinity : (logits.at(-1) ?? -Infinity),
  };
}

function penalisedLogit(logit: number, penalty: number): number {
  const factor = Math.fround(penalty);
  return Math.fround(logit < 0 ? logit * factor : logit / factor);
}
