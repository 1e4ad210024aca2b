import {
  generationTraits,
  type ContentPart,
  type ImageSource,
  type ModelDescription,
  type RgbImage,
  type TextPart,
} from '@ovis/core';
import type { PromptMessage, PromptPart } from '@ovis/prompt';
import { prepareImage, prepareVideo, type ImageOptions, type PreparedVisual } from '@ovis/visual-tokenizer';
import type { ResolvedRequest } from './resolve-request.ts';

/** A picture or video of a request, before it is read. */
export type VisualSource = {
  readonly kind: 'image' | 'video';
  readonly frames: readonly ImageSource[];
  readonly options: ImageOptions;
};

/** Messages in which pictures are numbers into a list. */
export type NumberedMessages = {
  readonly messages: readonly PromptMessage[];
  readonly sources: readonly VisualSource[];
};

/**
 * Takes pictures and videos out of the messages, in order. Generations without videos take the frames as
 * pictures of one view each, as their model cards do.
 */
export function numberVisuals(
  messages: ResolvedRequest['messages'],
  model: ModelDescription,
  options: ImageOptions,
): NumberedMessages {
  const sources: VisualSource[] = [];
  const add = (source: VisualSource): PromptPart => ({ type: source.kind, item: sources.push(source) - 1 });
  const parts = (part: ContentPart): readonly (TextPart | PromptPart)[] => {
    switch (part.type) {
      case 'text':
        return [part];
      case 'image':
        return [add({ kind: 'image', frames: [part.image], options })];
      case 'video':
        if (generationTraits[model.generation].video) return [add({ kind: 'video', frames: part.frames, options })];
        return part.frames.map((frame) => add({ kind: 'image', frames: [frame], options: { maxPartition: 1 } }));
    }
  };
  return {
    messages: messages.map(({ role, content }) => ({ role, content: content.flatMap(parts) })),
    sources,
  };
}

/** Resizes and cuts one picture or video for the ViT. */
export function prepareVisual(
  { kind, options }: VisualSource,
  frames: readonly RgbImage[],
  model: ModelDescription,
  signal?: AbortSignal,
): Promise<PreparedVisual> {
  const control = signal === undefined ? {} : { signal };
  const [first] = frames;
  if (kind === 'video' || first === undefined) return prepareVideo(frames, model, options, control);
  return prepareImage(first, model, options, control);
}
