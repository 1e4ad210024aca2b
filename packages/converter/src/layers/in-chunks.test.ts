import { expect, test } from 'vitest';
import { noise, runLayer } from '../../test/run-layer.ts';
import { Scope } from '../graph/scope.ts';
import { inChunks } from './in-chunks.ts';

const scope = new Scope('visualHead', ['chunks']);

test.each([1, 3, 4, 5, 8, 9, 17])('computes %d rows as it would at once', async (rows) => {
  const data = noise(rows * 6, 3);
  const results = await runLayer({ x: { data, dims: [rows, 6], shape: ['V', 6] } }, new Map(), (g, value) => {
    const body = (chunk: ReturnType<typeof value>) => {
      const { values, indices } = g.topK(chunk, 2, scope);
      return new Map([
        ['values', values],
        ['indices', indices],
        ['sums', g.sum(chunk, scope)],
      ]);
    };
    const whole = [...body(value('x'))].map(([name, result]) => [`whole_${name}`, result] as const);
    return Object.fromEntries([...inChunks(g, value('x'), 4, scope, body), ...whole]);
  });
  for (const name of ['values', 'indices', 'sums']) {
    expect(results[name]?.dims).toEqual(results[`whole_${name}`]?.dims);
    expect(results[name]?.data).toEqual(results[`whole_${name}`]?.data);
  }
});
