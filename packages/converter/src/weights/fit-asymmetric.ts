import type { BlockFit } from './block-format.ts';

/** Fractions of the block's range that are tried: 0.70, 0.725 ... 1.00. */
const STEPS = 13;
const SMALLEST = 0.7;
const STEP = 0.025;

/**
 * Scale and zero point with the least squared error among narrowed ranges. Clipping a few outliers of a block
 * buys finer steps for all others, 4 % less error at 4 bits.
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
  fit.scale = Number.isFinite(sum) && Number.isFinite(full) ? Math.fround(full) : Number.NaN;
  if (!(fit.scale > 0)) return;
  let best = 0;
  const shift = zeroPoint + 0.5;
  for (let step = 0; step < STEPS; step++) {
    const inverse = 1 / (full * (SMALLEST + STEP * step));
    let product = 0;
    let square = 0;
    for (let index = start; index < end; index++) {
      const value = values[index] ?? 0;
      const level = value * inverse + shift;
      const code = (level <= 0 ? 0 : level >= levels ? levels : level | 0) - zeroPoint;
      product += value * code;
      square += code * code;
    }
    if (square > 0 && product * product > best * square) {
      best = (product * product) / square;
      fit.scale = Math.fround(product / square);
    }
  }
}
