import { tokenId, type TokenId } from '@ovis/core';
import type { DecoderSequence } from '@ovis/generation';
import type { LoadedModel } from '../open-model.ts';
import { stopwatch } from '../stopwatch.ts';
import { median } from './repeated-time.ts';

/** A prompt and what follows it. */
export type ContextRun = {
  /** Positions of the prompt. */
  readonly length: number;
  /** Steps that are timed after it; one more runs before them. */
  readonly steps: number;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Reads a prompt of tokens without meaning, which cost what any others do, and writes on from it greedily.
 *
 * @returns Milliseconds of reading, and the median of the steps; null without steps.
 */
export async function measureContext(
  { decoder, textEmbeddings }: LoadedModel,
  { length, steps, signal }: ContextRun,
): Promise<{ readonly readMs: number; readonly stepMs: number | null }> {
  // A stride that shares no factor with the vocabulary, so that rows differ.
  const ids = Array.from({ length }, (_, position) => (position * 7919) % textEmbeddings.rows);
  const data = await textEmbeddings.read(ids);
  const prompt = { data, length, hiddenSize: data.length / length };
  const clock = stopwatch();
  await using sequence = await decoder.startSequence(prompt, steps + 1);
  let next = await likeliest(sequence, data, signal);
  const readMs = clock.lap();
  if (steps === 0) return { readMs, stepMs: null };
  const times: number[] = [];
  for (let step = 0; step <= steps; step++) {
    next = await likeliest(sequence, await decoder.embed([next]), signal);
    const ms = clock.lap();
    // The first step after a prompt is slower: it finds caches full of the prompt.
    if (step > 0) times.push(ms);
  }
  return { readMs, stepMs: median(times) };
}

async function likeliest(
  sequence: DecoderSequence,
  embeddings: Float32Array,
  signal: AbortSignal | undefined,
): Promise<TokenId> {
  const scores = await sequence.append(embeddings, 'candidates', signal);
  return tokenId(scores.kind === 'candidates' ? (scores.ids[0] ?? 0) : 0);
}
