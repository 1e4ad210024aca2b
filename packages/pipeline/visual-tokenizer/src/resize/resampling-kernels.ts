import type { ResizeFilter } from '@ovis/core';

/** A filter kernel: its weight at a distance, and the distance beyond which it is zero. In source pixels. */
export type ResamplingKernel = { readonly support: number; weight(distance: number): number };

/** The kernels of Pillow (`src/libImaging/Resample.c`); bicubic has `a = -0.5`. */
export const resamplingKernels: Readonly<Record<Exclude<ResizeFilter, 'nearest'>, ResamplingKernel>> = {
  bilinear: {
    support: 1,
    weight(distance) {
      const x = Math.abs(distance);
      return x < 1 ? 1 - x : 0;
    },
  },
  bicubic: {
    support: 2,
    weight(distance) {
      const a = -0.5;
      const x = Math.abs(distance);
      if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
      return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
    },
  },
  lanczos: {
    support: 3,
    weight(distance) {
      return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
    },
  },
};

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}
