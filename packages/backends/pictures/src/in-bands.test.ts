import { expect, test } from 'vitest';
import { inBands } from './in-bands.ts';

test('does every pixel once and lets the event loop in between', async () => {
  const bands: [number, number][] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await inBands(300_000, (start, end) => {
    bands.push([start, end]);
    const until = performance.now() + 3;
    while (performance.now() < until);
  });
  clearInterval(timer);
  expect(bands).toEqual([
    [0, 131_072],
    [131_072, 262_144],
    [262_144, 300_000],
  ]);
  expect(turns).toBeGreaterThan(0);
});

test('stops between bands when it is aborted', async () => {
  const controller = new AbortController();
  let bands = 0;
  const working = inBands(
    300_000,
    () => {
      bands++;
      controller.abort('enough');
    },
    controller.signal,
  );
  await expect(working).rejects.toBe('enough');
  expect(bands).toBe(1);
});
