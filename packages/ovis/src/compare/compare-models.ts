import { InvalidArgumentError, type BundleManifest, type InputEmbeddings, type TokenId } from '@ovis/core';
import { streamTokens } from '@ovis/generation';
import { encodePrompt, type EncodedPrompt } from '../answer/encode-prompt.ts';
import type { LoadedModel } from '../open-model.ts';
import type { ImageReader } from '../request/read-image.ts';
import { resolveRequest } from '../request/resolve-request.ts';
import type { CompareOptions, CompareSample, Comparison, SampleComparison } from './comparison-types.ts';
import { argMax, divergence, relativeError } from './distances.ts';
import { overallOf } from './overall.ts';

/** A model and the platform that reads pictures for it. */
export type ComparedModel = { readonly loaded: LoadedModel; readonly reader: ImageReader };

/** Asks both models the same questions and measures how far apart they are, stage by stage. */
export async function compareModels(
  reference: ComparedModel,
  candidate: ComparedModel,
  samples: readonly CompareSample[],
  { maxNewTokens = 16, signal, onProgress }: CompareOptions,
): Promise<Comparison> {
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1 || maxNewTokens > 512) {
    throw new InvalidArgumentError(`maxNewTokens is ${String(maxNewTokens)}; expected an integer from 1 to 512.`);
  }
  if (samples.length === 0) throw new InvalidArgumentError('There is nothing to compare: pass at least one sample.');
  checkAlike(reference.loaded, candidate.loaded);
  const compared: SampleComparison[] = [];
  for (const [index, sample] of samples.entries()) {
    onProgress?.({ phase: 'compare', item: `sample ${index + 1}`, done: index, total: samples.length });
    compared.push(await compareSample(reference, candidate, sample, maxNewTokens, signal));
  }
  return { samples: compared, overall: overallOf(compared) };
}

function checkAlike({ manifest: a }: LoadedModel, { manifest: b }: LoadedModel): void {
  if (sizesOf(a) === sizesOf(b)) return;
  throw new InvalidArgumentError(
    `The two models are not conversions of the same checkpoint (generation, vocabulary, hidden size, visual words: ` +
      `${sizesOf(a)} and ${sizesOf(b)}). Compare bundles of one model.`,
  );
}

function sizesOf({ model: { generation, language, vision } }: BundleManifest): string {
  return [generation, language.vocabularySize, language.hiddenSize, vision.visualVocabularySize].join(', ');
}

async function compareSample(
  reference: ComparedModel,
  candidate: ComparedModel,
  { messages, image }: CompareSample,
  maxNewTokens: number,
  signal: AbortSignal | undefined,
): Promise<SampleComparison> {
  const encode = ({ loaded, reader }: ComparedModel): Promise<EncodedPrompt> => {
    const request = { messages, image, signal };
    return encodePrompt(loaded, reader, request, resolveRequest(request, loaded.manifest.model));
  };
  const [a, b] = [await encode(reference), await encode(candidate)];
  const answer: TokenId[] = [];
  for await (const id of streamTokens(reference.loaded.decoder, a.embeddings, { maxNewTokens, ...signalOf(signal) })) {
    answer.push(id);
  }
  // The last token's own prediction is not compared: the reference did not ask for it either.
  const along = answer.slice(0, -1);
  const logits = async ({ loaded }: ComparedModel, prompt: EncodedPrompt): Promise<Float32Array> => {
    const embeddings = await withAnswer(loaded, prompt.embeddings, along);
    // The prompt's own positions are not compared, and their logits would take gigabytes for a large picture.
    return loaded.decoder.promptLogits(embeddings, { positions: { last: along.length + 1 }, signal });
  };
  const [x, y] = [await logits(reference, a), await logits(candidate, b)];
  return { ...compareVisual(a, b), ...compareLogits(x, y, reference.loaded.decoder.vocabularySize) };
}

function compareVisual({ visual: a }: EncodedPrompt, { visual: b }: EncodedPrompt) {
  if (a.length === 0) return { visualEmbeddings: null, sameVisualWord: null, entropyDifference: null };
  let tokens = 0;
  let same = 0;
  let entropy = 0;
  let error = 0;
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined) break;
    const words = item.wordsPerToken;
    for (let token = 0; token < item.length; token++) {
      if (item.topWords[token * words] === other.topWords[token * words]) same++;
      entropy += Math.abs((item.entropy[token] ?? 0) - (other.entropy[token] ?? 0));
    }
    tokens += item.length;
    error += relativeError(item.data, other.data) * item.length;
  }
  return { visualEmbeddings: error / tokens, sameVisualWord: same / tokens, entropyDifference: entropy / tokens };
}

function compareLogits(x: Float32Array, y: Float32Array, vocabularySize: number) {
  const positions = x.length / vocabularySize;
  let sum = 0;
  let worst = 0;
  let same = 0;
  for (let position = 0; position < positions; position++) {
    const row = (logits: Float32Array) => logits.subarray(position * vocabularySize, (position + 1) * vocabularySize);
    const distance = divergence(row(x), row(y));
    sum += distance;
    worst = Math.max(worst, distance);
    if (argMax(row(x)) === argMax(row(y))) same++;
  }
  return {
    logits: relativeError(x, y),
    divergence: sum / positions,
    worstDivergence: worst,
    sameToken: same / positions,
    positions,
  };
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

function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
