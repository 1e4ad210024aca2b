import { largestFirst } from './largest-first.ts';
import { notANumber } from './pick-largest.ts';
import type { RandomSource } from './random-source.ts';
import type { PenalisedScores } from './scores.ts';

/** How chance is bent, in the order it is applied. */
export type SamplingShape = {
  /** Greater than 0. */
  readonly temperature: number;
  /** Only this many most likely tokens (and those as likely as the last of them); 0 for all. */
  readonly topK: number;
  /** Only the most likely tokens that together reach this probability; 1 for all. */
  readonly topP: number;
  /** Only tokens at least this fraction as likely as the most likely one; 0 for all. */
  readonly minP: number;
};

/**
 * Draws a token: temperature, top-k, top-p, min-p, then a draw, as Hugging Face orders them.
 *
 * @returns Null when tokens that are not listed could matter.
 */
export function pickAtRandom(scores: PenalisedScores, shape: SamplingShape, random: RandomSource): number | null {
  const { ids, logits, bound } = scores;
  const largest = maximum(logits);
  if (largest < bound) return null;
  const weightOf = (logit: number) => Math.exp((logit - largest) / shape.temperature);
  const weights = Float64Array.from(logits, (logit) => (Number.isNaN(logit) ? 0 : weightOf(logit)));
  const boundWeight = weightOf(bound);
  const kept = keep(weights, boundWeight, shape);
  if (kept === null) return null;
  const index = draw(weights, kept, random);
  return ids === null ? index : (ids[index] ?? null);
}

function maximum(logits: Float32Array): number {
  let largest = -Infinity;
  for (const logit of logits) if (logit > largest) largest = logit;
  if (largest === -Infinity) throw notANumber();
  return largest;
}

/**
 * Indices of the tokens that may be drawn, or `all`; null when tokens that are not listed could be among
 * them. The largest weight is 1, and what is not listed has at most `boundWeight`: 0 makes it impossible.
 */
function keep(weights: Float64Array, boundWeight: number, { topK, topP, minP }: SamplingShape): Kept | null {
  if (topK > 0) {
    const sorted = largestFirst(weights, { until: (found) => found.length >= topK });
    const last = weights[sorted[topK - 1] ?? -1] ?? 0;
    if (last <= boundWeight && boundWeight > 0) return null;
    const within = sorted.filter((index, rank) => rank < topK || weights[index] === last);
    return atLeast(weights, nucleus(weights, within, sum(weights, within), topP), minP);
  }
  if (boundWeight > 0 && (topP < 1 || minP <= boundWeight)) return null;
  if (topP < 1) {
    const total = sum(weights, weights.keys());
    // A little more than needed, so that rounding of the sums cannot cut off the last token.
    const sorted = largestFirst(weights, { until: (found) => sum(weights, found) >= topP * total * (1 + 1e-9) });
    return atLeast(weights, nucleus(weights, sorted, total, topP), minP);
  }
  return minP > 0 ? largestFirst(weights, { least: minP }) : 'all';
}

type Kept = readonly number[] | 'all';

/** The head of `sorted` up to and including the token with which `topP` of the total is reached. */
function nucleus(weights: Float64Array, sorted: readonly number[], total: number, topP: number): readonly number[] {
  if (topP >= 1) return sorted;
  let before = 0;
  const end = sorted.findIndex((index, rank) => {
    if (rank > 0 && before >= topP * total) return true;
    before += weights[index] ?? 0;
    return false;
  });
  return end === -1 ? sorted : sorted.slice(0, end);
}

function atLeast(weights: Float64Array, indices: readonly number[], minP: number): readonly number[] {
  return minP > 0 ? indices.filter((index) => (weights[index] ?? 0) >= minP) : indices;
}

function sum(weights: Float64Array, indices: Iterable<number>): number {
  let total = 0;
  for (const index of indices) total += weights[index] ?? 0;
  return total;
}

function draw(weights: Float64Array, kept: Kept, random: RandomSource): number {
  const indices = kept === 'all' ? weights.keys() : kept;
  let rest = random() * sum(weights, kept === 'all' ? weights.keys() : kept);
  let last = 0;
  for (const index of indices) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    last = index;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
}
