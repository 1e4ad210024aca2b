import { expect, test } from 'vitest';
import { Parts } from './parts.ts';

test('gives what was there before and what comes later, in order, and the last', async () => {
  const parts = new Parts<number>();
  parts.add(1);
  parts.add(2);
  let resolve: (last: number) => void = () => {};
  parts.endWith(
    new Promise((settle) => {
      resolve = settle;
    }),
  );
  const found: number[] = [];
  for await (const part of parts) {
    found.push(part);
    if (part === 2) setTimeout(() => parts.add(3), 1);
    if (part === 3) resolve(4);
  }
  expect(found).toEqual([1, 2, 3, 4]);
});

test('gives what came before a failure, and then throws its reason', async () => {
  const parts = new Parts<number>();
  parts.add(1);
  parts.endWith(Promise.reject(new Error('gone')));
  const found: number[] = [];
  const reading = (async () => {
    for await (const part of parts) found.push(part);
  })();
  await expect(reading).rejects.toThrow('gone');
  expect(found).toEqual([1]);
});

test('leaves no failure unheard where nobody reads', async () => {
  const parts = new Parts<number>();
  parts.endWith(Promise.reject(new Error('gone')));
  await new Promise((resolve) => {
    setTimeout(resolve, 1);
  });
  expect(parts).toBeInstanceOf(Parts);
});
