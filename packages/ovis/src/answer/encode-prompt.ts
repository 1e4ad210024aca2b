import type { InputEmbeddings, PromptLayout } from '@ovis/core';
import { buildPrompt, embedPrompt } from '@ovis/prompt';
import type { PreparedVisual, VisualTokens } from '@ovis/visual-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import type { GenerateRequest } from '../request/generate-request.ts';
import { readImage, type ImageReader } from '../request/read-image.ts';
import type { ResolvedRequest } from '../request/resolve-request.ts';
import { numberVisuals, prepareVisual } from '../request/visual-items.ts';
import { stopwatch } from '../stopwatch.ts';

/** A prompt that the language model can read, and what it took to make it. */
export type EncodedPrompt = {
  readonly embeddings: InputEmbeddings;
  readonly layout: PromptLayout;
  /** Visual tokens of every picture and video, in order. */
  readonly visual: readonly VisualTokens[];
  readonly decodeImageMs: number;
  readonly preprocessMs: number;
  readonly visionMs: number;
};

/** Messages and pictures to input embeddings: read, prepare, lay out, tokenize, embed. */
export async function encodePrompt(
  loaded: LoadedModel,
  reader: ImageReader,
  request: GenerateRequest,
  { messages, thinkingBudget }: ResolvedRequest,
): Promise<EncodedPrompt> {
  const { signal, onProgress, image = {} } = request;
  const { model } = loaded.manifest;
  const numbered = numberVisuals(messages, model, image);
  const { sources } = numbered;
  const clock = stopwatch();
  let decodeImageMs = 0;
  let preprocessMs = 0;
  const prepared: PreparedVisual[] = [];
  for (const [index, source] of sources.entries()) {
    onProgress?.({ phase: 'read', item: `picture ${index + 1}`, done: index, total: sources.length });
    const frames = [];
    for (const frame of source.frames) frames.push(await readImage(frame, reader, signal));
    decodeImageMs += clock.lap();
    prepared.push(await prepareVisual(source, frames, model, signal));
    preprocessMs += clock.lap();
  }
  // Before the expensive part: a prompt that is too long is refused here.
  const layout = buildPrompt(numbered.messages, {
    items: prepared.map(({ item }) => item),
    tokenizer: loaded.textTokenizer,
    model,
    thinking: thinkingBudget !== null,
  });
  clock.lap();
  const visual: VisualTokens[] = [];
  for (const [index, item] of prepared.entries()) {
    onProgress?.({ phase: 'see', item: `picture ${index + 1}`, done: index, total: prepared.length });
    visual.push(await loaded.visualTokenizer.tokenize(item, { signal }));
  }
  const visionMs = clock.lap();
  const { textEmbeddings: text, visualIndicators: indicators } = loaded;
  const embeddings = await embedPrompt(layout, { text, indicators, visual });
  return { embeddings, layout, visual, decodeImageMs, preprocessMs, visionMs };
}
