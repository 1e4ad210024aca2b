import type { TokenId } from '@ovis/core';
import { streamTokens, type GenerateOptions } from '@ovis/generation';
import { earlyStopTokens, ReasoningSplitter, type ReasoningDelta } from '@ovis/text-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import type { GenerateRequest } from '../request/generate-request.ts';
import type { ImageReader } from '../request/read-image.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { resolveRequest } from '../request/resolve-request.ts';
import type { FinishReason, StreamPart } from './answer-types.ts';
import { encodePrompt } from './encode-prompt.ts';
import { StopTexts } from './stop-texts.ts';

/** Answers one request: pieces of text as soon as they are certain, then one `finish`. */
export async function* streamAnswer(
  loaded: LoadedModel,
  reader: ImageReader,
  request: GenerateRequest,
): AsyncGenerator<StreamPart, void, undefined> {
  const start = performance.now();
  request.signal?.throwIfAborted();
  const resolved = resolveRequest(request, loaded.manifest.model);
  const options = samplingOptions(request, loaded, resolved.thinkingBudget);
  const prompt = await encodePrompt(loaded, reader, request, resolved);
  const thinking = resolved.thinkingBudget !== null;
  const splitter = new ReasoningSplitter(loaded.textTokenizer, { thinking });
  const stops = new StopTexts(resolved.stop);

  const tokens: TokenId[] = [];
  let firstToken = start;
  const arrived = (id: TokenId): readonly ReasoningDelta[] => {
    if (tokens.length === 0) firstToken = performance.now();
    tokens.push(id);
    return splitter.push(id);
  };
  const source = streamTokens(loaded.decoder, prompt.embeddings, options);
  let reason: FinishReason = 'stop';
  try {
    while (!stops.stopped) {
      const step = await source.next();
      if (step.done === true) {
        reason = step.value;
        break;
      }
      yield* visible(arrived(step.value), stops);
    }
  } finally {
    await source.return('stop');
  }
  if (!stops.stopped) {
    yield* visible(splitter.flush(), stops);
    const rest = stops.flush();
    if (rest !== '') yield { type: 'text-delta', text: rest };
  }
  const { stopToken, prefillMs, stepMs } = source.report;
  if (stopToken !== null) tokens.push(stopToken);
  const { layout, decodeImageMs, preprocessMs, visionMs } = prompt;
  yield {
    type: 'finish',
    reason: stops.stopped ? 'stop' : reason,
    usage: { textTokens: layout.textTokens, imageTokens: layout.visualTokens, outputTokens: tokens.length },
    timings: {
      decodeImageMs,
      preprocessMs,
      visionMs,
      prefillMs,
      firstTokenMs: firstToken - start,
      perTokenMs: mean(stepMs),
      totalMs: performance.now() - start,
    },
    tokens,
  };
}

/** What of the deltas a reader may see; stop texts only look at the answer, not at reasoning. */
function* visible(deltas: readonly ReasoningDelta[], stops: StopTexts): Generator<StreamPart> {
  for (const { type, text } of deltas) {
    const shown = type === 'text-delta' ? stops.push(text) : text;
    if (shown !== '') yield { type, text: shown };
    if (stops.stopped) return;
  }
}

function samplingOptions(
  request: GenerateRequest,
  { textTokenizer, manifest }: LoadedModel,
  thinkingBudget: number | null,
): GenerateOptions {
  const { maxNewTokens, temperature, topP, topK, minP, repetitionPenalty, seed, signal } = request;
  const { stopTokens, thinkEndToken } = manifest.model;
  const limited = thinkingBudget !== null && Number.isFinite(thinkingBudget) && thinkEndToken !== null;
  return withoutUndefined({
    maxNewTokens,
    temperature,
    topP,
    topK,
    minP,
    repetitionPenalty,
    seed,
    signal,
    stopTokens,
    thinking: limited
      ? { budget: thinkingBudget, endToken: thinkEndToken, earlyStopIds: earlyStopTokens(textTokenizer) }
      : undefined,
  });
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
