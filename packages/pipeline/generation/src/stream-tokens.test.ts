import { asyncDispose, ContextLengthError, DisposedError, InvalidArgumentError, ShapeMismatchError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { CONTEXT, openFakeDecoder, promptOf, winner } from '../test/fake-decoder.ts';
import { streamTokens, type FinishReason, type TokenStream } from './stream-tokens.ts';

/** A model that counts: after n comes n + 1, and after 20 the end. */
const counting = {
  logitsAfter: (rows: readonly number[]) => winner((rows.at(-1) ?? 0) === 20 ? 0 : (rows.at(-1) ?? 0) + 1),
};

async function collect(stream: TokenStream): Promise<{ ids: number[]; reason: FinishReason }> {
  const ids: number[] = [];
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return { ids, reason: next.value };
    ids.push(next.value);
  }
}

describe('streamTokens', () => {
  test('yields tokens until the model stops; the stop token is no part of the answer', async () => {
    const { decoder, backend } = await openFakeDecoder(counting);
    const stream = streamTokens(decoder, promptOf([3, 16]));
    expect(await collect(stream)).toEqual({ ids: [17, 18, 19, 20], reason: 'stop' });
    expect(stream.report.stopToken).toBe(0);
    expect(stream.report.stepMs).toHaveLength(4);
    expect(stream.report.firstTokenMs).toBeGreaterThanOrEqual(stream.report.prefillMs);
    expect(backend.liveStates).toBe(0);
  });

  test('ends with length after maxNewTokens, without running the model once more', async () => {
    const { decoder, runs } = await openFakeDecoder(counting);
    expect(await collect(streamTokens(decoder, promptOf([1]), { maxNewTokens: 3 }))).toEqual({
      ids: [2, 3, 4],
      reason: 'length',
    });
    expect(runs).toHaveLength(3);
  });

  test('ends with length when the context is full', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: () => winner(7) });
    const { ids, reason } = await collect(streamTokens(decoder, promptOf(Array(CONTEXT - 3).fill(1))));
    expect([ids, reason]).toEqual([[7, 7, 7], 'length']);
  });

  test('stops at tokens of the caller instead of the model', async () => {
    const { decoder } = await openFakeDecoder(counting);
    const { ids, reason } = await collect(streamTokens(decoder, promptOf([1]), { stopTokens: [5, 9] }));
    expect([ids, reason]).toEqual([[2, 3, 4], 'stop']);
  });

  test('grows the cache while it generates', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: () => winner(7), contextLength: 2000 });
    const { ids } = await collect(streamTokens(decoder, promptOf([1]), { maxNewTokens: 600 }));
    expect(ids).toHaveLength(600);
  });

  test('reads a long prompt in chunks of 512 positions', async () => {
    const { decoder, runs } = await openFakeDecoder({ ...counting, contextLength: 2000 });
    const rows = Array.from({ length: 1025 }, (_, index) => (index === 1024 ? 16 : index % 5));
    expect((await collect(streamTokens(decoder, promptOf(rows), { maxNewTokens: 1 }))).ids).toEqual([17]);
    expect(runs.map(({ positions }) => positions)).toEqual([512, 512, 1]);
  });

  test('reads single positions with the graph for steps, where there is one, over one cache', async () => {
    const { decoder, runs, backend } = await openFakeDecoder({ ...counting, step: true });
    expect((await collect(streamTokens(decoder, promptOf([3, 16])))).ids).toEqual([17, 18, 19, 20]);
    expect(runs.map(({ graph, total }) => [graph, total])).toEqual([
      ['decoder', 2],
      ['step', 3],
      ['step', 4],
      ['step', 5],
      ['step', 6],
    ]);
    expect(backend.liveStates).toBe(0);
    await decoder.dispose();
    expect(backend.liveSessions).toBe(0);
  });

  test('reads a position again with the whole graph where the graph for steps does not vouch for its candidates', async () => {
    const { decoder, runs } = await openFakeDecoder({ ...counting, step: true, stepVouches: (total) => total !== 4 });
    expect((await collect(streamTokens(decoder, promptOf([3, 16])))).ids).toEqual([17, 18, 19, 20]);
    expect(runs.map(({ graph, total }) => [graph, total])).toEqual([
      ['decoder', 2],
      ['step', 3],
      ['step', 4],
      ['decoder', 4],
      ['step', 5],
      ['step', 6],
    ]);
  });

  test('frees the cache when the consumer leaves', async () => {
    const { decoder, backend } = await openFakeDecoder(counting);
    for await (const id of streamTokens(decoder, promptOf([1]))) if (id === 3) break;
    expect(backend.liveStates).toBe(0);
  });

  test('frees the cache when a run fails', async () => {
    const { decoder, backend } = await openFakeDecoder({
      logitsAfter: (rows) => {
        if (rows.length > 2) throw new Error('broken');
        return winner(1);
      },
    });
    await expect(collect(streamTokens(decoder, promptOf([1])))).rejects.toThrow('broken');
    expect(backend.liveStates).toBe(0);
  });

  test('throws the reason of an abort before the next step and frees the cache', async () => {
    const { decoder, backend, runs } = await openFakeDecoder(counting);
    const controller = new AbortController();
    const ids: number[] = [];
    const run = async () => {
      for await (const id of streamTokens(decoder, promptOf([1]), { signal: controller.signal })) {
        ids.push(id);
        if (id === 4) controller.abort('enough');
      }
    };
    await expect(run()).rejects.toBe('enough');
    expect([ids, runs.length, backend.liveStates]).toEqual([[2, 3, 4], 3, 0]);
  });

  test('does nothing when it is aborted before it starts', async () => {
    const { decoder, runs } = await openFakeDecoder(counting);
    const stream = streamTokens(decoder, promptOf([1]), { signal: AbortSignal.abort('no') });
    await expect(stream.next()).rejects.toBe('no');
    expect(runs).toHaveLength(0);
  });

  test('aborts between the chunks of a prompt', async () => {
    const controller = new AbortController();
    const { decoder, runs, backend } = await openFakeDecoder({
      contextLength: 3000,
      logitsAfter: () => {
        controller.abort('enough');
        return winner(1);
      },
    });
    const stream = streamTokens(decoder, promptOf(Array(1500).fill(1)), { signal: controller.signal });
    await expect(stream.next()).rejects.toBe('enough');
    expect([runs.length, backend.liveStates]).toEqual([1, 0]);
  });

  test('refuses a prompt that leaves no room for an answer', async () => {
    const { decoder } = await openFakeDecoder(counting);
    await expect(streamTokens(decoder, promptOf(Array(CONTEXT).fill(1))).next()).rejects.toThrow(ContextLengthError);
  });

  test('refuses an empty prompt and one of another width', async () => {
    const { decoder } = await openFakeDecoder(counting);
    await expect(streamTokens(decoder, promptOf([])).next()).rejects.toThrow(InvalidArgumentError);
    const wide = { data: new Float32Array(4), length: 2, hiddenSize: 2 };
    await expect(streamTokens(decoder, wide).next()).rejects.toThrow(ShapeMismatchError);
  });

  test('refuses work after the decoder was disposed; a second dispose is harmless', async () => {
    const { decoder, backend } = await openFakeDecoder(counting);
    await decoder.dispose();
    await decoder[asyncDispose]();
    await expect(streamTokens(decoder, promptOf([1])).next()).rejects.toThrow(DisposedError);
    expect(backend.liveSessions).toBe(0);
  });

  test('gives the same sample for the same seed and another for another', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: () => new Float32Array(100), contextLength: 200 });
    const sample = async (seed: number) =>
      (await collect(streamTokens(decoder, promptOf([1]), { temperature: 1, seed, stopTokens: [], maxNewTokens: 20 })))
        .ids;
    expect(await sample(1)).toEqual(await sample(1));
    expect(await sample(1)).not.toEqual(await sample(2));
  });

  test('runs two sequences of one decoder side by side', async () => {
    const { decoder } = await openFakeDecoder(counting);
    const results = await Promise.all(
      [2, 17].map((start) => collect(streamTokens(decoder, promptOf([start]), { maxNewTokens: 2 }))),
    );
    expect(results.map(({ ids }) => ids)).toEqual([
      [3, 4],
      [18, 19],
    ]);
  });
});

describe('candidates and whole logits', () => {
  /** Token 5 wins, but with the penalty it falls below everything in the candidates. */
  const flat = {
    candidates: 4,
    logitsAfter: () => Float32Array.from({ length: 100 }, (_, id) => (id < 4 ? 1 : id === 50 ? 0.99 : 0)),
  };

  test('asks for all logits only where the candidates cannot tell, and then reads the last position again', async () => {
    const { decoder, runs } = await openFakeDecoder(flat);
    const options = { repetitionPenalty: 2, stopTokens: [], maxNewTokens: 6 };
    expect((await collect(streamTokens(decoder, promptOf([1, 2, 3]), options))).ids).toEqual([0, 1, 2, 3, 50, 0]);
    // One more run where all candidates tie with the last of them (the first four picks) or are below it.
    expect(runs.filter(({ positions }) => positions === 1).every(({ total }) => total >= 3)).toBe(true);
    expect(Math.max(...runs.map(({ total }) => total))).toBe(8);
  });

  test('never reads a position again where the states cannot go back', async () => {
    const { decoder, runs } = await openFakeDecoder({ ...flat, recurrent: true });
    const options = { repetitionPenalty: 2, stopTokens: [], maxNewTokens: 6 };
    expect((await collect(streamTokens(decoder, promptOf([1, 2, 3]), options))).ids).toEqual([0, 1, 2, 3, 50, 0]);
    expect(runs).toHaveLength(6);
  });
});

describe.each([false, true])('tokens that follow each other, with a graph for steps: %s', (step) => {
  test('are those that come one by one, in as many runs', async () => {
    const [one, other] = [
      await openFakeDecoder({ ...counting, step }),
      await openFakeDecoder({ ...counting, step, follows: true }),
    ];
    const expected = await collect(streamTokens(one.decoder, promptOf([3, 4])));
    const stream = streamTokens(other.decoder, promptOf([3, 4]));
    expect(await collect(stream)).toEqual(expected);
    expect(other.runs).toEqual(one.runs);
    expect(stream.report.stopToken).toBe(0);
    // The fake backend says that each run took a millisecond.
    expect(stream.report.stepMs).toEqual(Array(16).fill(1));
    expect(other.backend.liveStates).toBe(0);
  });

  test('end after maxNewTokens and where the context is full', async () => {
    const options = { logitsAfter: () => winner(7), step, follows: true, contextLength: 700 };
    const { decoder, runs } = await openFakeDecoder(options);
    expect((await collect(streamTokens(decoder, promptOf([1]), { maxNewTokens: 3 }))).ids).toEqual([7, 7, 7]);
    expect(runs).toHaveLength(3);
    const { ids, reason } = await collect(streamTokens(decoder, promptOf([1]), { maxNewTokens: 1000 }));
    expect([ids.length, reason]).toEqual([699, 'length']);
  });

  test('are told to answer when the thinking budget is used up', async () => {
    const thinking = { budget: 2, endToken: 90, earlyStopIds: [90, 9] };
    const { decoder } = await openFakeDecoder({ ...counting, step, follows: true });
    const { ids } = await collect(streamTokens(decoder, promptOf([3]), { thinking, maxNewTokens: 7 }));
    expect(ids).toEqual([4, 5, 90, 9, 10, 11, 12]);
  });

  test('are picked one by one where that is not always the likeliest', async () => {
    const { decoder } = await openFakeDecoder({ ...counting, step, follows: true });
    const stream = streamTokens(decoder, promptOf([3]), { repetitionPenalty: 2, maxNewTokens: 3 });
    expect((await collect(stream)).ids).toEqual([4, 5, 6]);
    expect(stream.report.stepMs).not.toContain(1);
  });

  test('end with the consumer', async () => {
    const { decoder, backend } = await openFakeDecoder({ ...counting, step, follows: true });
    for await (const id of streamTokens(decoder, promptOf([3]))) if (id === 6) break;
    expect(backend.liveStates).toBe(0);
  });

  test('end with an abort', async () => {
    const { decoder, backend } = await openFakeDecoder({ ...counting, step, follows: true });
    const controller = new AbortController();
    const stream = streamTokens(decoder, promptOf([3]), { signal: controller.signal });
    await stream.next();
    await stream.next();
    controller.abort('enough');
    await expect(stream.next()).rejects.toBe('enough');
    expect(backend.liveStates).toBe(0);
  });
});

test('tokens that follow each other go on where the graph for steps does not vouch for one', async () => {
  const stepVouches = (total: number) => total % 3 !== 0;
  const { decoder, runs } = await openFakeDecoder({ ...counting, step: true, follows: true, stepVouches });
  expect((await collect(streamTokens(decoder, promptOf([12])))).ids).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
  const again = runs.filter(({ graph, total }) => graph === 'decoder' && total > 1);
  expect(again.map(({ total }) => total)).toEqual([3, 6, 9]);
  // Once where what followed ended, once where it was asked to go on.
  expect(runs.filter(({ graph, total }) => graph === 'step' && total === 6)).toHaveLength(2);
});

describe('a thinking budget', () => {
  const thinking = { budget: 3, endToken: 90, earlyStopIds: [80, 90, 81] };

  test('lets the model be told to answer, and goes on in the same cache', async () => {
    const { decoder, runs } = await openFakeDecoder({ logitsAfter: (rows) => winner(((rows.at(-1) ?? 0) % 80) + 1) });
    const { ids, reason } = await collect(streamTokens(decoder, promptOf([10]), { thinking, maxNewTokens: 8 }));
    expect([ids, reason]).toEqual([[11, 12, 13, 80, 90, 81, 2, 3], 'length']);
    // The token before the early stop is read together with it.
    expect(runs.map(({ positions }) => positions)).toEqual([1, 1, 1, 4, 1]);
  });

  test('is no bound for a model that closed its thinking in time', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: (rows) => winner(rows.length === 2 ? 90 : rows.length) });
    const { ids } = await collect(streamTokens(decoder, promptOf([10]), { thinking, maxNewTokens: 5 }));
    expect(ids).toEqual([1, 90, 3, 4, 5]);
  });

  test('changes nothing when the model stops before', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: (rows) => winner(rows.length === 3 ? 0 : 7) });
    expect(await collect(streamTokens(decoder, promptOf([10]), { thinking }))).toEqual({ ids: [7, 7], reason: 'stop' });
  });

  test('writes the early stop whole even beyond maxNewTokens, as the official code does', async () => {
    const { decoder } = await openFakeDecoder({ logitsAfter: () => winner(7) });
    const { ids, reason } = await collect(streamTokens(decoder, promptOf([10]), { thinking, maxNewTokens: 4 }));
    expect([ids, reason]).toEqual([[7, 7, 7, 80, 90, 81], 'length']);
  });

  test('starts the repetition penalty anew', async () => {
    const { decoder } = await openFakeDecoder({
      logitsAfter: () => Float32Array.from({ length: 100 }, (_, id) => (id === 0 ? -9 : 10 - id * 0.1)),
    });
    const options = { thinking, maxNewTokens: 8, repetitionPenalty: 1.3 };
    const { ids } = await collect(streamTokens(decoder, promptOf([10]), options));
    expect(ids).toEqual([1, 2, 3, 80, 90, 81, 1, 2]);
  });
});

describe('promptLogits', () => {
  test('gives the logits of all positions or of the last', async () => {
    const { decoder, backend } = await openFakeDecoder({ ...counting, contextLength: 1000 });
    const rows = Array.from({ length: 600 }, (_, index) => index % 19);
    const all = await decoder.promptLogits(promptOf(rows), { positions: 'all' });
    expect(all).toEqual(Float32Array.from(rows.flatMap((row) => Array.from(winner(row + 1)))));
    const last = await decoder.promptLogits(promptOf(rows), { positions: 'last' });
    expect(last).toEqual(winner((rows.at(-1) ?? 0) + 1));
    // Across the border of a chunk, and all of them.
    for (const count of [1, 90, 599, 600]) {
      const some = await decoder.promptLogits(promptOf(rows), { positions: { last: count } });
      expect(some).toEqual(all.slice(-some.length));
      expect(some.length * 600).toBe(all.length * count);
    }
    await expect(decoder.promptLogits(promptOf(rows), { positions: { last: 601 } })).rejects.toThrow(/last 601/);
    expect(backend.liveStates).toBe(0);
  });

  test('may use the whole context', async () => {
    const { decoder } = await openFakeDecoder(counting);
    const logits = await decoder.promptLogits(promptOf(Array(CONTEXT).fill(1)), { positions: 'last' });
    expect(logits).toEqual(winner(2));
  });
});
