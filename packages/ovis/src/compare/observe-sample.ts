import type { InputEmbeddings, TokenId } from '@ovis/core';
import { streamTokens } from '@ovis/generation';
import type { VisualTokens } from '@ovis/visual-tokenizer';
import { encodePrompt } from '../answer/encode-prompt.ts';
import type { LoadedModel } from '../open-model.ts';
import type { ImageReader } from '../request/read-image.ts';
import { resolveRequest } from '../request/resolve-request.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { CompareSample } from './comparison-types.ts';

/** A model and the platform that reads pictures for it. */
export type ComparedModel = { readonly loaded: LoadedModel; readonly reader: ImageReader };

/** What one model makes of a sample. Plain data, so that models in different threads can be compared. */
export type Observation = {
  /** Visual tokens of every picture and video, in order. */
  readonly visual: readonly Pick<VisualTokens, 'data' | 'length' | 'wordsPerToken' | 'topWords' | 'entropy'>[];
  /** Tokens that were read after the prompt: the reference's greedy answer without its last one. */
  readonly along: readonly TokenId[];
  /** `[along.length + 1, N]`: after the prompt, and after each of these tokens. */
  readonly logits: Float32Array;
};

/** What follows the prompt: the model's own greedy answer, of at most so many tokens, or the tokens of another observation. */
export type Following = { readonly maxNewTokens: number } | { readonly along: readonly TokenId[] };

/** Asks one model the question of a sample, and reads its logits along an answer. */
export async function observeSample(
  { loaded, reader }: ComparedModel,
  { messages, image }: CompareSample,
  following: Following,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const request = { messages, image, signal };
  const prompt = await encodePrompt(loaded, reader, request, resolveRequest(request, loaded.manifest.model));
  const along =
    'along' in following ? following.along : await greedyAnswer(loaded, prompt.embeddings, following, signal);
  const embeddings = await withAnswer(loaded, prompt.embeddings, along);
  // The prompt's own positions are not compared, and their logits would take gigabytes for a large picture.
  const logits = await loaded.decoder.promptLogits(embeddings, { positions: { last: along.length + 1 }, signal });
  const visual = prompt.visual.map(({ data, length, wordsPerToken, topWords, entropy }) => {
    return { data, length, wordsPerToken, topWords, entropy };
  });
  return { visual, along, logits };
}

async function greedyAnswer(
  { decoder }: LoadedModel,
  prompt: InputEmbeddings,
  { maxNewTokens }: { readonly maxNewTokens: number },
  signal: AbortSignal | undefined,
): Promise<readonly TokenId[]> {
  const answer: TokenId[] = [];
  for await (const id of streamTokens(decoder, prompt, { maxNewTokens, ...withoutUndefined({ signal }) })) {
    answer.push(id);
  }
  // The last token's own prediction is not compared: the answer did not ask for it either.
  return answer.slice(0, -1);
}

async function withAnswer(
  { decoder }: LoadedModel,
  { data, length, hiddenSize }: InputEmbeddings,
  answer: readonly TokenId[],
): Promise<InputEmbeddings> {
  if (answer.length === 0) return { data, length, hiddenSize };
  const joined = new Float32Array(data.length + answer.length * hiddenSize);
  joined.set(data);
  joined.set(await decoder.embed(answer), data.length);
  return { data: joined, length: length + answer.length, hiddenSize };
}
