import { RuntimeFailureError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { randomSource } from './random-source.ts';
import { Sampler, type SamplerOptions } from './sampler.ts';
import type { Scores } from './scores.ts';

const greedy = {
  temperature: 0,
  topK: 0,
  topP: 1,
  minP: 0,
  repetitionPenalty: 1,
  random: () => 0,
} satisfies SamplerOptions;

function all(...logits: readonly number[]): Scores {
  return { kind: 'all', logits: Float32Array.from(logits) };
}

/** What the graph's TopK makes of logits. */
function candidatesOf(logits: Float32Array, count: number): Scores {
  const ids = [...logits.keys()]
    .toSorted((left, right) => (logits[right] ?? 0) - (logits[left] ?? 0) || left - right)
    .slice(0, count);
  return {
    kind: 'candidates',
    ids,
    logits: Float32Array.from(ids, (id) => logits[id] ?? 0),
    vocabularySize: logits.length,
  };
}

/** Relative frequency of each token in `draws` draws. */
function frequencies(scores: Scores, options: Partial<SamplerOptions>, draws = 20_000): number[] {
  const random = randomSource(11);
  const counts = Array.from({ length: scores.logits.length }, () => 0);
  for (let draw = 0; draw < draws; draw++) {
    const id = new Sampler({ ...greedy, temperature: 1, random, ...options }).pick(scores);
    if (id === null) throw new Error('Nothing was picked.');
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts.map((count) => count / draws);
}

/** Chi-square of frequencies against probabilities, over tokens that can occur. */
function chiSquare(actual: readonly number[], expected: readonly number[], draws = 20_000): number {
  return expected.reduce((sum, probability, id) => {
    const count = (actual[id] ?? 0) * draws;
    if (probability === 0) {
      expect(count, `token ${id} is impossible`).toBe(0);
      return sum;
    }
    return sum + (count - probability * draws) ** 2 / (probability * draws);
  }, 0);
}

/** Logits whose softmax is these probabilities. */
function logitsOf(probabilities: readonly number[]): Scores {
  return all(...probabilities.map(Math.log));
}

describe('the most likely token', () => {
  test('is taken at temperature 0, the lowest id among equals', () => {
    expect(new Sampler(greedy).pick(all(1, 3, 2, 3))).toBe(1);
  });

  test('may be negative, and NaN or -Infinity elsewhere do not matter', () => {
    expect(new Sampler(greedy).pick(all(Number.NaN, -Infinity, -4, -3))).toBe(3);
  });

  test('does not exist where all logits are NaN', () => {
    const broken = all(Number.NaN, Number.NaN);
    expect(() => new Sampler(greedy).pick(broken)).toThrow(RuntimeFailureError);
    expect(() => new Sampler({ ...greedy, temperature: 1 }).pick(broken)).toThrow(RuntimeFailureError);
  });

  test('is found among candidates unless equals may be left out', () => {
    const scores = (logits: number[], ids: number[]): Scores => ({
      kind: 'candidates',
      ids,
      logits: Float32Array.from(logits),
      vocabularySize: 10,
    });
    expect(new Sampler(greedy).pick(scores([3, 3, 2], [5, 2, 1]))).toBe(2);
    expect(new Sampler(greedy).pick(scores([3, 3, 3], [5, 6, 7]))).toBeNull();
  });
});

describe('the repetition penalty', () => {
  test('divides positive and multiplies negative logits of tokens that were generated, once', () => {
    // 4 / 1.5 = 2.67 < 3; then 3 / 1.5 = 2 < 2.67, which was penalised once although it comes again.
    const sampler = new Sampler({ ...greedy, repetitionPenalty: 1.5 });
    expect([1, 2, 3, 4].map(() => sampler.pick(all(4, 3, 1)))).toEqual([0, 1, 0, 0]);
    const negative = new Sampler({ ...greedy, repetitionPenalty: 2 });
    // -1 * 2 = -2, below -1.5; then -1.5 * 2 = -3.
    expect([1, 2, 3].map(() => negative.pick(all(-1, -1.5, -9)))).toEqual([0, 1, 0]);
  });

  test('is computed in float32, as the official code does', () => {
    const penalty = 1.3;
    const logit = Math.fround(7.123456789);
    // Exactly what the penalised logit of token 0 rounds to: it ties with token 1, and the lower id wins.
    const tie = Math.fround(logit / Math.fround(penalty));
    const sampler = new Sampler({ ...greedy, repetitionPenalty: penalty });
    expect([sampler.pick(all(logit, tie)), sampler.pick(all(logit, tie))]).toEqual([0, 0]);
  });

  test('does not touch the logits it was given', () => {
    const scores = all(4, 3);
    const sampler = new Sampler({ ...greedy, repetitionPenalty: 2 });
    sampler.pick(scores);
    sampler.pick(scores);
    expect([...scores.logits]).toEqual([4, 3]);
  });

  test('starts anew when the past is forgotten', () => {
    const sampler = new Sampler({ ...greedy, repetitionPenalty: 2 });
    expect([sampler.pick(all(4, 3)), sampler.pick(all(4, 3))]).toEqual([0, 1]);
    sampler.forget();
    expect(sampler.pick(all(4, 3))).toBe(0);
  });

  test('comes before temperature and top-k', () => {
    const sampler = new Sampler({ ...greedy, temperature: 0.5, topK: 1, repetitionPenalty: 2 });
    expect([1, 2].map(() => sampler.pick(all(4, 3, 0)))).toEqual([0, 1]);
  });
});

describe('sampling', () => {
  const probabilities = [0.5, 0.25, 0.15, 0.07, 0.03];
  const scores = logitsOf(probabilities);

  test('follows the softmax', () => {
    // Chi-square with 4 degrees of freedom: above 18.5 once in a thousand seeds.
    expect(chiSquare(frequencies(scores, {}), probabilities)).toBeLessThan(18.5);
  });

  test('follows the softmax of logits over temperature', () => {
    const squared = probabilities.map((probability) => probability ** 2);
    const total = squared.reduce((sum, value) => sum + value, 0);
    const expected = squared.map((value) => value / total);
    expect(chiSquare(frequencies(scores, { temperature: 0.5 }), expected)).toBeLessThan(18.5);
  });

  test.each([
    ['top-k keeps the k most likely', { topK: 2 }, [0.5, 0.25, 0, 0, 0]],
    ['top-k of more than there are keeps all', { topK: 99 }, probabilities],
    ['top-p keeps the token with which the sum is reached', { topP: 0.6 }, [0.5, 0.25, 0, 0, 0]],
    ['top-p keeps no more than it must', { topP: 0.5 }, [0.5, 0, 0, 0, 0]],
    ['top-p keeps at least one', { topP: 1e-9 }, [0.5, 0, 0, 0, 0]],
    ['min-p keeps what is likely enough beside the most likely', { minP: 0.2 }, [0.5, 0.25, 0.15, 0, 0]],
    // Among the first three the shares are 0.556, 0.278 and 0.167: the sum before the third is 0.833.
    ['top-p counts what top-k left', { topK: 3, topP: 0.83 }, [0.5, 0.25, 0, 0, 0]],
    ['top-p counts what top-k left (without: three)', { topP: 0.83 }, [0.5, 0.25, 0.15, 0, 0]],
    ['min-p comes last', { topP: 0.8, minP: 0.4 }, [0.5, 0.25, 0, 0, 0]],
  ])('%s', (_, options, kept) => {
    const total = kept.reduce((sum, value) => sum + value, 0);
    const expected = kept.map((value) => value / total);
    expect(chiSquare(frequencies(scores, options), expected)).toBeLessThan(18.5);
  });

  test('keeps all tokens that tie with the last of top-k, as the official code does', () => {
    const expected = [1 / 3, 1 / 3, 1 / 3, 0];
    expect(chiSquare(frequencies(all(2, 2, 2, 1), { topK: 2 }), expected)).toBeLessThan(18.5);
  });

  test('survives logits and temperatures at the end of the scale', () => {
    expect(frequencies(all(3e38, -3e38, 0), { temperature: 1e-6 }, 100)).toEqual([1, 0, 0]);
    expect(frequencies(all(-Infinity, -1e30, -Infinity), { temperature: 100 }, 100)).toEqual([0, 1, 0]);
  });
});

describe('candidates', () => {
  const random = randomSource(3);
  const oneOf = <T>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0];

  test('settle a token only where all logits would give the same', () => {
    let settled = 0;
    for (let round = 0; round < 1500; round++) {
      // Few distinct values, so that there are many ties.
      const spread = oneOf([0.5, 4, 30]);
      const logits = Float32Array.from({ length: 300 }, () => Math.round((random() - 0.6) * spread * 4) / 4);
      const seed = Math.floor(random() * 1e9);
      const options = {
        temperature: oneOf([0, 0, 0.05, 0.7, 1.5]),
        topK: oneOf([0, 1, 5, 64]),
        topP: oneOf([1, 1, 0.9, 0.3]),
        minP: oneOf([0, 0, 0.1, 0.5]),
        repetitionPenalty: oneOf([1, 1.1, 1.5, 0.8]),
      };
      const whole = new Sampler({ ...options, random: randomSource(seed) });
      const few = new Sampler({ ...options, random: randomSource(seed) });
      for (let step = 0; step < 3; step++) {
        const expected = whole.pick({ kind: 'all', logits });
        const picked = few.pick(candidatesOf(logits, 64));
        if (picked === null) break;
        settled++;
        expect(picked, JSON.stringify(options)).toBe(expected);
      }
    }
    // The test would be empty if they never did.
    expect(settled).toBeGreaterThan(1500);
  });

  test('that are the whole vocabulary always settle it', () => {
    const scores = candidatesOf(Float32Array.of(1, 1, 1), 64);
    const sampler = new Sampler({ ...greedy, temperature: 1, topP: 0.5, repetitionPenalty: 0.5, random });
    expect(sampler.pick(scores)).not.toBeNull();
  });

  test.each([
    [{}, 'candidates'],
    [{ temperature: 0.7, topK: 20 }, 'candidates'],
    [{ temperature: 0.7, minP: 0.1 }, 'candidates'],
    [{ temperature: 0.7, topK: 65 }, 'all'],
    [{ temperature: 0.7, topP: 0.9 }, 'all'],
    [{ temperature: 0.7, topP: 0.9, minP: 0.1 }, 'all'],
  ] as const)('are asked for where they usually suffice: %j wants %s', (options, wants) => {
    expect(new Sampler({ ...greedy, ...options }).wants).toBe(wants);
  });
});
