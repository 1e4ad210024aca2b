import { runSteps } from '@ovis/core';
import { expect, test } from 'vitest';
import { blockOrder } from '../patches/patch-order.ts';
import { rotaryTable } from './rotary-table.ts';

test.each([
  [72, 6, 4],
  [16, 2, 112],
])(
  'holds the angles of row and column for a head of %i, %i x %i patches, in block order',
  (headSize, height, width) => {
    const order = blockOrder({ height, width }, 2);
    const { cosines, sines } = runSteps(rotaryTable({ height, width }, headSize, order));
    const quarter = headSize / 4;
    expect(cosines.length).toBe((height * width * headSize) / 2);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const row = ((order[y * width + x] ?? 0) * headSize) / 2;
        for (let i = 0; i < quarter; i++) {
          const frequency = 10_000 ** ((-4 * i) / headSize);
          expect(cosines[row + i]).toBeCloseTo(Math.cos(y * frequency), 4);
          expect(sines[row + i]).toBeCloseTo(Math.sin(y * frequency), 4);
          expect(cosines[row + quarter + i]).toBeCloseTo(Math.cos(x * frequency), 4);
          expect(sines[row + quarter + i]).toBeCloseTo(Math.sin(x * frequency), 4);
        }
      }
    }
  },
);
