import { expect, test } from 'vitest';
import { InOrder } from './in-order.ts';

test('work is done one piece after the other, also after one that failed', async () => {
  const queue = new InOrder();
  const events: string[] = [];
  const work = (name: string, fails = false) =>
    queue.run(async () => {
      events.push(`${name} begins`);
      await Promise.resolve();
      events.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const results = await Promise.allSettled([work('a'), work('b', true), work('c')]);
  expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});
