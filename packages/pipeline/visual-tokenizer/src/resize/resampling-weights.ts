import type { Steps } from '@ovis/core';
import type { ResamplingKernel } from './resampling-kernels.ts';

/** Weights that are computed in a step, a fraction of a millisecond even before the code is compiled. */
const WEIGHTS_PER_STEP = 2048;

/** Fractional bits of the fixed-point weights. */
export const WEIGHT_BITS = 22;

/** For every output pixel of an axis: which input pixels count, and how much. */
export type ResamplingWeights = {
  /** First input pixel `[outputs]`. */
  readonly first: Int32Array;
  /** Number of input pixels `[outputs]`. */
  readonly count: Int32Array;
  /** Most input pixels that any output pixel has. */
  readonly stride: number;
  /** Weights times `2^22` `[outputs, stride]`; those beyond `count` are 0. */
  readonly weights: Int32Array;
};

/**
 * Weights of one axis as Pillow computes them for 8-bit pictures (`precompute_coeffs` and
 * `normalize_coeffs_8bpc`): in doubles, in the same order of operations, then rounded half away from zero. In steps, since a
 * large picture has tens of thousands.
 *
 * @param inputs - Input pixels along the axis, at least 1.
 * @param outputs - Output pixels along the axis, at least 1.
 */
export function* resamplingWeights(
  inputs: number,
  outputs: number,
  kernel: ResamplingKernel,
): Steps<ResamplingWeights> {
  const scale = inputs / outputs;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const inverseScale = 1 / filterScale;
  const stride = Math.min(Math.ceil(support) * 2 + 1, inputs);
  const first = new Int32Array(outputs);
  const count = new Int32Array(outputs);
  const weights = new Int32Array(outputs * stride);
  const exact = new Float64Array(stride);
  let work = 0;
  for (let output = 0; output < outputs; output++) {
    const center = (output + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const length = Math.min(inputs, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const weight = kernel.weight((i + start - center + 0.5) * inverseScale);
      exact[i] = weight;
      sum += weight;
    }
    for (let i = 0; i < length; i++) {
      const weight = sum === 0 ? (exact[i] ?? 0) : (exact[i] ?? 0) / sum;
      weights[output * stride + i] = Math.trunc(weight * 2 ** WEIGHT_BITS + (weight < 0 ? -0.5 : 0.5));
    }
    first[output] = start;
    count[output] = length;
    work += length;
    if (work >= WEIGHTS_PER_STEP) {
      work = 0;
      yield;
    }
  }
  return { first, count, stride, weights };
}

/** {@link resamplingWeights}, or those that keep every pixel where an axis keeps its length: no pass is made there. */
export function* axisWeights(inputs: number, outputs: number, kernel: ResamplingKernel): Steps<ResamplingWeights> {
  if (inputs !== outputs) return yield* resamplingWeights(inputs, outputs, kernel);
  return {
    first: Int32Array.from({ length: outputs }, (_, output) => output),
    count: new Int32Array(outputs).fill(1),
    stride: 1,
    weights: new Int32Array(outputs).fill(2 ** WEIGHT_BITS),
  };
}
