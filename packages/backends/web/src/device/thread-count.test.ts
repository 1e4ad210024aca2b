import { expect, test } from 'vitest';
import { chooseThreads } from './thread-count.ts';

test.each([
  [1, 1],
  [2, 2],
  [4, 4],
  [6, 3],
  [8, 4],
  [64, 8],
])('an isolated page with %d cores gets %d threads', (cores, threads) => {
  expect(chooseThreads(null, 'wasm', { isolated: true, cores }).threads).toBe(threads);
});

test('a page that is not isolated has one thread, and is told why', () => {
  const choice = chooseThreads(4, 'wasm', { isolated: false, cores: 8 });
  expect(choice).toEqual({ threads: 1, reason: expect.stringContaining('cross-origin isolated') as string });
});

test('WebGPU needs one thread unless more are asked for', () => {
  expect(chooseThreads(null, 'webgpu', { isolated: true, cores: 8 }).threads).toBe(1);
  expect(chooseThreads(3, 'webgpu', { isolated: true, cores: 8 }).threads).toBe(3);
});
