import {
  float32Tensor,
  generationTraits,
  int64Tensor,
  type ModelDescription,
  type PromptLayout,
  type RgbImage,
  type Tensor,
  type TokenId,
} from '@ovis/core';
import { streamTokens, type GenerateOptions } from '@ovis/generation';
import { buildHubPrompt, buildOfficialPrompt, embedPrompt, type OfficialPrompt } from '@ovis/prompt';
import { earlyStopTokens } from '@ovis/text-tokenizer';
import { prepareImage, prepareVideo, type ImageOptions, type PreparedVisual } from '@ovis/visual-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import type { TraceCase } from './read-case.ts';
import { visualTensors } from './visual-tensors.ts';

/** Reads a picture of a case by its file name. */
export type CaseImageReader = (name: string) => Promise<RgbImage>;

/** Tensors of all stages, under the names of the golden fixtures. */
export type Trace = Readonly<Record<string, Tensor>>;

/** New tokens of a case that does not say how many. */
const DEFAULT_NEW_TOKENS = 24;

/** Runs one case through all stages and keeps what each stage gives. */
export async function runCase(
  loaded: LoadedModel,
  traced: TraceCase,
  readImage: CaseImageReader,
  signal?: AbortSignal,
): Promise<Trace> {
  const { manifest, textTokenizer: tokenizer } = loaded;
  const { model } = manifest;
  const prepared = await prepareCase(traced, model, readImage, signal);
  const prompt = casePrompt(traced, { items: prepared.map(({ item }) => item), tokenizer, model });
  const intermediates = 'vit_features' in manifest.graphs.visualTokenizer.signature.outputs;
  const used = prepared.slice(0, visualItems(prompt));
  const visual = [];
  for (const item of used) visual.push(await loaded.visualTokenizer.tokenize(item, { intermediates, signal }));
  const { textEmbeddings: text, visualIndicators: indicators } = loaded;
  const embeddings = await embedPrompt(prompt, { text, indicators, visual });
  const { length, hiddenSize, data } = embeddings;
  const textOnly = used.length === 0;
  const hasFrame = generationTraits[model.generation].views === 'single' && model.vision.indicators > 0;
  const logits = await loaded.decoder.promptLogits(embeddings, { positions: textOnly ? 'all' : 'last', signal });
  const vocabulary = model.language.vocabularySize;
  return {
    prompt_ids: int64Tensor(prompt.promptIds),
    input_ids: int64Tensor(prompt.inputIds),
    ...visualTensors(used, visual, model, hasFrame ? await indicators.read([0, 1]) : null),
    inputs_embeds: float32Tensor(data, [length, hiddenSize]),
    prefill_logits: float32Tensor(logits.slice(-vocabulary), [vocabulary]),
    ...(textOnly ? { prefill_logits_all: float32Tensor(logits, [length, vocabulary]) } : {}),
    ...(await greedyTokens(loaded, traced, embeddings, signal)),
  };
}

async function prepareCase(
  traced: TraceCase,
  model: ModelDescription,
  readImage: CaseImageReader,
  signal?: AbortSignal,
): Promise<PreparedVisual[]> {
  const { max_partition: maxPartition, min_pixels: minPixels, max_pixels: maxPixels } = traced;
  const options: ImageOptions = {
    ...(typeof maxPartition === 'number' ? { maxPartition } : {}),
    ...(typeof minPixels === 'number' ? { minPixels } : {}),
    ...(typeof maxPixels === 'number' ? { maxPixels } : {}),
  };
  const control = signal === undefined ? {} : { signal };
  const { images, video } = filesOf(traced);
  const prepared: PreparedVisual[] = [];
  for (const name of images) prepared.push(await prepareImage(await readImage(name), model, options, control));
  if (video.length > 0) {
    const frames = [];
    for (const name of video) frames.push(await readImage(name));
    prepared.push(await prepareVideo(frames, model, options, control));
  }
  return prepared;
}

/** Picture and frame files: listed beside the query, or inside the messages of a Hub case. */
function filesOf({ images, video, messages }: TraceCase): { images: readonly string[]; video: readonly string[] } {
  const parts = (messages ?? []).flatMap(({ content }) => (typeof content === 'string' ? [] : content));
  return {
    images: images ?? parts.flatMap((part) => (part.type === 'image' ? [part.image] : [])),
    video: video ?? parts.flatMap((part) => (part.type === 'video' ? part.video : [])),
  };
}

function casePrompt(traced: TraceCase, context: Parameters<typeof buildHubPrompt>[1]): OfficialPrompt {
  const { messages, query, conversation, prompt, enable_thinking: enableThinking } = traced;
  if (messages) return buildHubPrompt(messages, { ...context, enableThinking: enableThinking === true });
  const turns = conversation ?? [{ from: 'human' as const, value: query ?? prompt ?? '' }];
  const generationPreface = traced.generation_preface ?? defaultPreface(context.model, enableThinking === true);
  return buildOfficialPrompt(turns, { ...context, generationPreface });
}

/** What `chat()` of the official code passes: an empty think block where the model could think but should not. */
function defaultPreface({ thinkEndToken }: ModelDescription, thinking: boolean): string {
  return thinkEndToken === null || thinking ? '' : '<think>\n\n</think>\n\n';
}

function visualItems({ segments }: PromptLayout): number {
  return segments.reduce((most, segment) => (segment.kind === 'visual' ? Math.max(most, segment.item + 1) : most), 0);
}

async function greedyTokens(
  loaded: LoadedModel,
  traced: TraceCase,
  embeddings: Parameters<typeof streamTokens>[1],
  signal?: AbortSignal,
): Promise<Trace> {
  const { model } = loaded.manifest;
  const eos = traced.eos_token_id ?? traced.token_ids?.im_end ?? model.stopTokens;
  const stopTokens = typeof eos === 'number' ? [eos] : eos;
  const maxNewTokens = traced.max_new_tokens ?? traced.greedy?.max_new_tokens ?? DEFAULT_NEW_TOKENS;
  const run = async (options: GenerateOptions): Promise<Tensor> => {
    const ids: TokenId[] = [];
    const stream = streamTokens(loaded.decoder, embeddings, { stopTokens, maxNewTokens, signal, ...options });
    for await (const id of stream) ids.push(id);
    // The official code returns the end token too.
    return int64Tensor(stream.report.stopToken === null ? ids : [...ids, stream.report.stopToken]);
  };
  const budget = traced.thinking_budget;
  if (typeof budget === 'number' && traced.enable_thinking === true) {
    const end = traced.token_ids?.think_end ?? model.thinkEndToken ?? 0;
    const earlyStopIds = earlyStopTokens(loaded.textTokenizer);
    return { generated_ids: await run({ thinking: { budget, endToken: end, earlyStopIds } }) };
  }
  const penalty = model.preprocessing.kind === 'native' && !traced.messages;
  return {
    greedy_ids: await run({}),
    ...(penalty ? { greedy_ids_penalty_1_3: await run({ repetitionPenalty: 1.3 }) } : {}),
  };
}
