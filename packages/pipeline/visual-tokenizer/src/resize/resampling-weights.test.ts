import { runSteps } from '@ovis/core';
import { expect, test } from 'vitest';
import { resamplingKernels } from './resampling-kernels.ts';
import { resamplingWeights } from './resampling-weights.ts';

test.each(Object.entries(resamplingKernels))('%s weights of every output pixel sum up to one', (_, kernel) => {
  for (const [inputs, outputs] of [
    [1, 1],
    [1, 50],
    [50, 1],
    [640, 448],
    [3, 7],
    [30_000, 448],
  ] as const) {
    const { first, count, stride, weights } = runSteps(resamplingWeights(inputs, outputs, kernel));
    for (let x = 0; x < outputs; x++) {
      const sum = weights.subarray(x * stride, (x + 1) * stride).reduce((total, weight) => total + weight, 0);
      expect(Math.abs(sum - 2 ** 22)).toBeLessThanOrEqual(stride);
      expect((first[x] ?? 0) + (count[x] ?? 0)).toBeLessThanOrEqual(inputs);
      expect(count[x]).toBeGreaterThan(0);
    }
  }
});
