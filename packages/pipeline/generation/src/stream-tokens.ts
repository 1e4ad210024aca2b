import { tokenId, type InputEmbeddings, type TokenId } from '@ovis/core';
import type { Decoder } from './decoder.ts';
import { resolveGenerateOptions, type GenerateOptions, type ResolvedGenerateOptions } from './generate-options.ts';
import type { GenerationReport, GenerationReportDraft } from './generation-report.ts';
import { NextTokens } from './next-tokens.ts';
import { Sampler } from './sampling/sampler.ts';

/** Why an answer ended: the model said so, or there was no room for more. */
export type FinishReason = 'stop' | 'length';

/** Token ids as they are picked; the generator's return value says why they ended. */
export type TokenStream = AsyncGenerator<TokenId, FinishReason, undefined> & {
  /** Timings so far. */
  readonly report: GenerationReport;
};

/**
 * Generates an answer to a prompt. Nothing happens before the first token is asked for; leaving the loop, by
 * whatever way, frees the cache.
 *
 * @throws InvalidArgumentError at once when an option is out of range.
 * @throws ContextLengthError, from the first token, when the prompt leaves no room for an answer.
 */
export function streamTokens(decoder: Decoder, prompt: InputEmbeddings, options: GenerateOptions = {}): TokenStream {
  const resolved = resolveGenerateOptions(options, decoder);
  const report: GenerationReportDraft = { prefillMs: 0, firstTokenMs: 0, stepMs: [], stopToken: null };
  return Object.assign(generate(decoder, prompt, resolved, report), { report });
}

async function* generate(
  decoder: Decoder,
  prompt: InputEmbeddings,
  { maxNewTokens, sampler: samplerOptions, stopTokens, thinking, signal }: ResolvedGenerateOptions,
  report: GenerationReportDraft,
): AsyncGenerator<TokenId, FinishReason, undefined> {
  signal?.throwIfAborted();
  const room = decoder.contextLength - prompt.length;
  const limit = Math.min(maxNewTokens, room);
  const sampler = new Sampler(samplerOptions);
  const wants = decoder.canReadAgain ? sampler.wants : 'all';
  const clock = stopwatch();
  await using sequence = await decoder.startSequence(prompt, Math.max(limit, 1));

  const embed = (ids: readonly TokenId[]) => decoder.embed(ids);
  const tokens = new NextTokens({ sequence, embed, sampler, wants, until: stopTokens, signal });
  try {
    const scores = await sequence.append(prompt.data, wants, signal);
    report.prefillMs = clock.total();
    let token = await tokens.pick(scores);
    report.firstTokenMs = clock.total();
    let thinks = thinking !== null;
    for (let produced = 0; ; ) {
      if (stopTokens.has(token)) {
        report.stopToken = token;
        return 'stop';
      }
      yield token;
      produced++;
      clock.lap();

      const unread = [token];
      if (token === thinking?.endToken) thinks = false;
      if (produced === thinking?.budget) {
        // The official code starts a second run here, whose repetition penalty knows nothing of the first.
        sampler.forget();
        if (thinks && produced + thinking.earlyStopIds.length <= room) {
          const ids = thinking.earlyStopIds.map(tokenId);
          for (const id of ids) yield id;
          produced += ids.length;
          unread.push(...ids);
          clock.lap();
        }
      }
      if (produced >= limit) return 'length';
      signal?.throwIfAborted();
      const next = thinking !== null && produced < thinking.budget ? Math.min(limit, thinking.budget) : limit;
      const found = await tokens.after(unread, next - produced);
      report.stepMs.push(found.ms ?? clock.lap());
      token = found.token;
    }
  } finally {
    await tokens.close();
  }
}

/** Milliseconds since it was made, and since the last lap. */
function stopwatch() {
  const start = performance.now();
  let last = start;
  return {
    total: () => performance.now() - start,
    lap: () => {
      const now = performance.now();
      const passed = now - last;
      last = now;
      return passed;
    },
  };
}
