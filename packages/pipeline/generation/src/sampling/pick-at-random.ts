import { largestValues } from './largest-values.ts';
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
  const weights = new Float64Array(logits.length);
  for (let index = 0; index < logits.length; index++) {
    const weight = Math.exp(((logits[index] ?? Number.NaN) - largest) / shape.temperature);
    weights[index] = Number.isNaN(weight) ? 0 : weight;
  }
  const cut = cutOf(weights, Math.exp((bound - largest) / shape.temperature), shape);
  if (cut === null) return null;
  const index = draw(weights, cut, random);
  return ids === null ? index : (ids[index] ?? null);
}

function maximum(logits: Float32Array): number {
  let largest = -Infinity;
  for (let index = 0; index < logits.length; index++) {
    const logit = logits[index] ?? Number.NaN;
    if (logit > largest) largest = logit;
  }
  if (largest === -Infinity) throw notANumber();
  return largest;
}

/** Which tokens may be drawn: those with more weight than `weight`, and the first `equals` that have just as much. */
type Cut = { readonly weight: number; readonly equals: number };

/**
 * Where top-k, top-p and min-p cut; null when tokens that are not listed could be above. The largest weight is
 * 1, and what is not listed has at most `boundWeight`: 0 makes it impossible.
 */
function cutOf(weights: Float64Array, boundWeight: number, { topK, topP, minP }: SamplingShape): Cut | null {
  if (topK > 0) {
    const values = largestValues(weights, (found) => found.length >= topK);
    const last = values[values.length - topK] ?? 0;
    if (last <= boundWeight && boundWeight > 0) return null;
    const kept = values.subarray(values.findIndex((value) => value >= last));
    return atLeast(minP, nucleus(kept, sum(kept), topP));
  }
  if (boundWeight > 0 && (topP < 1 || minP <= boundWeight)) return null;
  if (topP >= 1) return atLeast(minP, { weight: 0, equals: 0 });
  const total = sum(weights);
  // A little more than needed, so that rounding of the sums cannot leave out the last token.
  const values = largestValues(weights, (found) => sum(found) >= topP * total * (1 + 1e-9));
  return atLeast(minP, nucleus(values, total, topP));
}

/** Cuts after the value with which `topP` of the total is reached; `values` come smallest first. */
function nucleus(values: Float64Array, total: number, topP: number): Cut {
  let before = 0;
  let weight = 0;
  let equals = 0;
  for (let index = values.length - 1; index >= 0; index--) {
    if (topP < 1 && before > 0 && before >= topP * total) break;
    const value = values[index] ?? 0;
    equals = value === weight ? equals + 1 : 1;
    weight = value;
    before += value;
  }
  return { weight, equals };
}

function atLeast(minP: number, cut: Cut): Cut {
  return minP > cut.weight ? { weight: minP, equals: Infinity } : cut;
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index] ?? 0;
  return total;
}

/** Draws among what is above the cut, in the order of the tokens. */
function draw(weights: Float64Array, cut: Cut, random: RandomSource): number {
  let { equals } = cut;
  let total = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] ?? 0;
    if (weight === cut.weight && equals > 0) equals--;
    else if (weight <= cut.weight) weights[index] = 0;
    total += weights[index] ?? 0;
  }
  let rest = random() * total;
  let last = 0;
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] ?? 0;
    if (weight === 0) continue;
    last = index;
    rest -= weight;
    if (rest < 0) break;
  }
  return last;
}
