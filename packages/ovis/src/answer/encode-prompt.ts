import type { InputEmbeddings, PromptLayout } from '@ovis/core';
import { buildPrompt, embedPrompt } from '@ovis/prompt';
import type { VisualTokens } from '@ovis/visual-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import type { GenerateRequest } from '../request/generate-request.ts';
import { readImage, type ImageReader } from '../request/read-image.ts';
import type { ResolvedRequest } from '../request/resolve-request.ts';
import { numberVisuals, prepareVisual } from '../request/visual-items.ts';
import { stopwatch, timed } from '../stopwatch.ts';
import { prepareAhead } from './prepare-ahead.ts';

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

/**
 * Messages and pictures to input embeddings: read, prepare, lay out, tokenize, embed. While the vision model looks at one
 * picture, the next one is read and prepared.
 */
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
  let decodeImageMs = 0;
  let preprocessMs = 0;
  let visionMs = 0;
  const tell = (phase: string, index: number): void =>
    onProgress?.({ phase, item: `picture ${index + 1}`, done: index, total: sources.length });
  const { checked: layout, results: visual } = await prepareAhead(
    sources,
    {
      prepare: async (source, index, either) => {
        const clock = stopwatch();
        tell('read', index);
        const frames = [];
        for (const frame of source.frames) frames.push(await readImage(frame, reader, either));
        decodeImageMs += clock.lap();
        const prepared = await prepareVisual(source, frames, model, either);
        preprocessMs += clock.lap();
        return prepared;
      },
      // A prompt that is too long is refused here; one with a single picture before any expensive work.
      check: (prepared) =>
        buildPrompt(numbered.messages, {
          items: prepared.map(({ item }) => item),
          tokenizer: loaded.textTokenizer,
          model,
          thinking: thinkingBudget !== null,
        }),
      run: async (prepared, index, either) => {
        tell('see', index);
        const { value, ms } = await timed(loaded.visualTokenizer.tokenize(prepared, { signal: either }));
        visionMs += ms;
        return value;
      },
    },
    signal,
  );
  const { textEmbeddings: text, visualIndicators: indicators } = loaded;
  const embeddings = await embedPrompt(layout, { text, indicators, visual });
  return { embeddings, layout, visual, decodeImageMs, preprocessMs, visionMs };
}
