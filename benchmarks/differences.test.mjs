import { expect, test } from 'vitest';
import { differencesOf } from './differences.mjs';
import { mediansOf } from './medians.mjs';
import { drawResults } from './plot.mjs';

const machine = { processor: 'x', flags: ['avx2'] };
const results = (decodes, rest = {}) => ({
  machine,
  threads: 2,
  shape: 'Ovis2-1B',
  date: '2026-01-01',
  commit: 'abc',
  engines: {
    'ovis-int8': {
      skipped: [],
      runs: decodes.map((ms, round) => ({
        round,
        neighbours: 0,
        measurements: [{ kind: 'decode', context: 64, ms: [ms] }],
      })),
    },
    ...rest,
  },
});
const read = (ms, neighbours) => ({ neighbours, measurements: [{ kind: 'prefill', context: 100, ms }] });
const verdictOf = (before, after) => differencesOf(results(before), results(after), { tolerance: 0.05 })[0];

test('slower beyond what repetitions differ by is worse, and only then', () => {
  expect(verdictOf([20, 21, 22], [30, 31, 32])).toMatchObject({ key: 'decode 64', verdict: 'worse', ours: true });
  expect(verdictOf([20, 21, 22], [30, 31, 22])).toMatchObject({ verdict: 'same' });
  expect(verdictOf([20, 21, 22], [22.1, 22.2, 22.3])).toMatchObject({ verdict: 'worse' });
  expect(verdictOf([20, 20.1, 20.2], [20.5, 20.6, 20.7])).toMatchObject({ verdict: 'same' });
  expect(verdictOf([30, 31], [20, 21]).change).toBeGreaterThan(0.4);
});

test('peers are compared only when asked for', () => {
  const peer = { 'llama.cpp': { skipped: [], runs: [{ measurements: [{ kind: 'load', ms: 5 }] }] } };
  const [before, after] = [results([1], peer), results([1], peer)];
  expect(differencesOf(before, after, { tolerance: 0 }).map(({ engine }) => engine)).toEqual(['ovis-int8']);
  expect(differencesOf(before, after, { tolerance: 0, all: true }).map(({ key }) => key)).toEqual([
    'decode 64',
    'load',
  ]);
});

test('a run that neighbours disturbed does not count beside a calm one', () => {
  expect(mediansOf([read(100, 0), read(1000, 0.5)])['prefill 100']).toEqual({
    median: 1000,
    low: 1000,
    high: 1000,
    count: 1,
  });
  expect(mediansOf([read(1000, 0.5)])['prefill 100'].median).toBe(100);
});

test('the plot has a line for every engine that was measured', () => {
  const svg = drawResults(results([20, 21], { 'llama.cpp': { skipped: ['no compiler'], runs: [] } }));
  expect(svg.match(/<circle/g)).toHaveLength(1);
  expect(svg).not.toContain('llama.cpp');
  expect(svg).not.toMatch(/NaN|undefined/);
});
