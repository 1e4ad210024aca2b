import { InvalidArgumentError, RuntimeFailureError, type StateSpec } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { GraphState } from './graph-state.ts';

const keys: StateSpec = { input: 'past', output: 'present', dtype: 'float32', shape: [1, 2, 'T', 3], growingAxis: 2 };
const fixed: StateSpec = { input: 'sum', output: 'new_sum', dtype: 'float16', shape: [1, 4], growingAxis: null };

describe('GraphState', () => {
  test('has room for multiples of 256 positions', () => {
    expect(new GraphState([keys], 0).capacity).toBe(256);
    expect(new GraphState([keys], 257).capacity).toBe(512);
    expect(new GraphState([keys], 257).current(keys).dims).toEqual([1, 2, 512, 3]);
  });

  test('grows by an eighth of itself, and by at least 256 positions', () => {
    const state = new GraphState([keys], 300);
    state.reserve(513, 0);
    expect(state.capacity).toBe(768);
    state.reserve(10_000, 0);
    expect(state.capacity).toBe(10_240);
    state.reserve(10_241, 0);
    expect(state.capacity).toBe(11_520);
  });

  test('keeps the used positions of every head when it grows, and states of fixed size as they are', () => {
    const state = new GraphState([keys, fixed], 1);
    state.current(keys).data.forEach((_, index, data) => {
      data[index] = index;
    });
    const sum = state.current(fixed);
    state.reserve(300, 2);
    const { data, dims } = state.current(keys);
    expect(dims).toEqual([1, 2, 512, 3]);
    expect([...data.subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 5, 0, 0]);
    expect([...data.subarray(512 * 3, 512 * 3 + 8)]).toEqual([768, 769, 770, 771, 772, 773, 0, 0]);
    expect(state.current(fixed)).toBe(sum);
  });

  test('lets growing tensors be written in place, others beside', () => {
    const state = new GraphState([keys, fixed], 1);
    expect(state.target(keys)).toBe(state.current(keys));
    expect(state.target(fixed)).not.toBe(state.current(fixed));
    expect(state.target(fixed).data).toBeInstanceOf(Uint16Array);
  });

  test('refuses what a run returns in another shape', () => {
    const state = new GraphState([keys], 1);
    const longer = { dtype: 'float32', dims: [1, 2, 257, 3], data: new Float32Array(1542) } as const;
    expect(() => {
      state.advance(new Map([[keys, longer]]));
    }).toThrow(RuntimeFailureError);
  });

  test('refuses more positions than the machine has memory for, before it allocates', () => {
    expect(() => new GraphState([keys], 2 ** 45)).toThrow(/GiB, more than this machine has/u);
    expect(() => new GraphState([keys], Number.MAX_VALUE)).toThrow(InvalidArgumentError);
  });

  test('refuses to keep more positions than there are', () => {
    const state = new GraphState([keys], 1);
    expect(() => {
      state.reserve(300, 257);
    }).toThrow(InvalidArgumentError);
  });
});
