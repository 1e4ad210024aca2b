import { type RgbImage, runSteps } from '@ovis/core';
import { expect, test, vi } from 'vitest';
import type { ImageRegion } from './image-region.ts';
import { kernelLayout } from './kernel-layout.ts';
import { resampleInKernel } from './resample-in-kernel.ts';
import { resampleInScript } from './resample-in-script.ts';
import { giveBackKernel, takeKernel } from './resample-kernel.ts';
import { resizeImage } from './resize-image.ts';
import { resamplingKernels } from './resampling-kernels.ts';
import { axisWeights } from './resampling-weights.ts';

const filters = ['bilinear', 'bicubic', 'lanczos'] as const;

test('gives the bytes that JavaScript gives, for every filter, shrunk and enlarged, whole and cut out', () => {
  const random = generator(7);
  for (let round = 0; round < 120; round++) {
    const image = noise(1 + random(90), 1 + random(90), random);
    const top = random(image.height);
    const left = random(image.width);
    const region = { top, left, height: 1 + random(image.height - top), width: 1 + random(image.width - left) };
    const size = { height: 1 + random(120), width: 1 + random(120) };
    const filter = filters[round % filters.length] ?? 'bicubic';
    const weights = bothWeights(region, size, filter);
    const label = JSON.stringify({ image: [image.height, image.width], region, size, filter });
    expect(inKernel(image, region, weights), label).toEqual(runSteps(resampleInScript(image, region, ...weights)));
  }
});

test('moves its window along pictures that are much higher than it', () => {
  const random = generator(3);
  for (const [height, width] of [
    [3000, 40],
    [2999, 3],
  ] as const) {
    const image = noise(height, width, random);
    const region = { top: 0, left: 0, height, width };
    for (const target of [7, 300, 3001]) {
      const weights = bothWeights(region, { height: target, width: 17 }, 'lanczos');
      const { windowRows } = kernelLayout(region, ...weights);
      if (target === 300) expect(windowRows).toBeLessThan(height / 4);
      expect(inKernel(image, region, weights)).toEqual(runSteps(resampleInScript(image, region, ...weights)));
    }
  }
});

test('works on several pictures in turn, each in a kernel of its own', () => {
  const random = generator(5);
  const image = noise(400, 300, random);
  const region = { top: 0, left: 0, height: 400, width: 300 };
  const all = [50, 90, 130].map((side) => {
    const weights = bothWeights(region, { height: side, width: side }, 'bicubic');
    const kernel = kernelFor(region, weights);
    const expected = runSteps(resampleInScript(image, region, ...weights));
    return { kernel, expected, steps: resampleInKernel(kernel, image, region, ...weights) };
  });
  expect(new Set(all.map(({ kernel }) => kernel)).size).toBe(3);
  const results = new Map<number, RgbImage>();
  for (let turn = 0; results.size < all.length; turn++) {
    const { steps } = all[turn % all.length] ?? {};
    const step = steps?.next();
    if (step?.done === true && step.value !== undefined) results.set(turn % all.length, step.value);
  }
  for (const [index, { expected, kernel }] of all.entries()) {
    expect(results.get(index)).toEqual(expected);
    giveBackKernel(kernel);
  }
});

test.each([
  ['there is no WebAssembly', undefined],
  ['the policy of a page forbids WebAssembly', { Module: forbidden }],
])('resizes in JavaScript where %s', async (_, webAssembly) => {
  const image = noise(61, 83, generator(11));
  const expected = resizeImage(image, { height: 20, width: 90 }, 'bicubic');
  vi.resetModules();
  vi.stubGlobal('WebAssembly', webAssembly);
  try {
    const fresh = await import('./resize-image.ts');
    const { takeKernel: take } = await import('./resample-kernel.ts');
    expect(take(1)).toBeNull();
    expect(fresh.resizeImage(image, { height: 20, width: 90 }, 'bicubic')).toEqual(expected);
  } finally {
    vi.unstubAllGlobals();
  }
});

/** What `new WebAssembly.Module` is on such a page. */
function forbidden(): never {
  throw new Error("Refused to compile WebAssembly because 'wasm-unsafe-eval' is not an allowed source of script");
}

type BothWeights = Parameters<typeof kernelLayout> extends [unknown, ...infer Rest] ? Rest : never;

function bothWeights(
  region: ImageRegion,
  size: { readonly height: number; readonly width: number },
  filter: (typeof filters)[number],
): BothWeights {
  const kernel = resamplingKernels[filter];
  return [
    runSteps(axisWeights(region.width, size.width, kernel)),
    runSteps(axisWeights(region.height, size.height, kernel)),
  ];
}

function kernelFor(region: ImageRegion, weights: BothWeights) {
  const kernel = takeKernel(kernelLayout(region, ...weights).bytes);
  if (kernel === null) throw new Error('This engine has no WebAssembly with vectors.');
  return kernel;
}

function inKernel(image: RgbImage, region: ImageRegion, weights: BothWeights): RgbImage {
  const kernel = kernelFor(region, weights);
  const resized = runSteps(resampleInKernel(kernel, image, region, ...weights));
  giveBackKernel(kernel);
  return resized;
}

/** Bytes of which every third is an extreme, so that sums overshoot and must be clamped. */
function noise(height: number, width: number, random: (below: number) => number): RgbImage {
  const data = Uint8Array.from({ length: height * width * 3 }, () => [0, 255, random(256)][random(3)] ?? 0);
  return { height, width, data };
}

function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
