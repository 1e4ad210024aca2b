import { streamTokens } from '@ovis/generation';
import type { LoadedModel } from '../open-model.ts';
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
  // One token more than its steps is picked from the prompt, and one step runs before those that are timed.
  const maxNewTokens = steps === 0 ? 1 : steps + 2;
  const stream = streamTokens(decoder, prompt, { maxNewTokens, stopTokens: [], signal });
  while (!(await stream.next()).done);
  const { firstTokenMs, stepMs } = stream.report;
  // The first step after a prompt is slower: it finds caches full of the prompt.
  return { readMs: firstTokenMs, stepMs: steps === 0 ? null : median(stepMs.slice(1)) };
}
