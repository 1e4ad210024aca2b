import type { BlockFit } from './block-format.ts';

/**
 * ONNX Runtime's default for symmetric blocks: the number of largest magnitude lands exactly on code 0, so the
 * scale is negative where that number is positive, and no code is wasted.
 */
export function fitSymmetric(values: Float32Array, start: number, end: number, levels: number, fit: BlockFit): void {
  let largest = 0;
  let lowest = 0;
  let sum = 0;
  for (let index = start; index < end; index++) {
    const value = values[index] ?? 0;
    if (value > largest) largest = value;
    else if (value < lowest) lowest = value;
    sum += value;
  }
  const extreme = largest > -lowest ? largest : lowest;
  const half = (levels + 1) / 2;
  fit.zeroPoint = half;
  // The sum is not finite where a number is not.
  fit.scale = Number.isFinite(sum) ? Math.fround(extreme / -half) : Number.NaN;
}
