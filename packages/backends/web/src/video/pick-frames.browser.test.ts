import { expect, test } from 'vitest';
import { pickFrames } from './pick-frames.ts';

test.each([
  [1, 8, [0]],
  [5, 5, [0, 1, 2, 3, 4]],
  [20, 5, [2, 6, 10, 14, 18]],
  [7, 3, [1, 3, 5]],
  [300, 2, [75, 225]],
  [13, 12, [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12]],
])('of %d frames, %d are %j', (total, count, frames) => {
  expect(pickFrames(total, count)).toEqual(frames);
});
