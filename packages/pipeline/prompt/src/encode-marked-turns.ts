import type { PromptLayout, VisualItem } from '@ovis/core';
import { LayoutBuilder } from './layout-builder.ts';
import { matchVisualItems } from './match-visual-items.ts';
import type { PromptContext } from './prompt-message.ts';
import { visualSegments } from './visual-segments.ts';

/** A rendered turn, split at its markers: between two chunks stands a picture or video. */
export type MarkedTurn = { readonly kind: VisualItem['kind']; readonly chunks: readonly string[] };

/**
 * Encodes rendered turns as `_tokenize_with_image_symbol` of the official code: every chunk on its own, control
 * tokens read, and the items put between them in order.
 *
 * @throws PromptError when markers and items differ.
 */
export function encodeMarkedTurns(
  turns: readonly MarkedTurn[],
  { items, tokenizer, model }: PromptContext,
): PromptLayout {
  const places = turns.flatMap(({ kind, chunks }) => chunks.slice(1).map(() => kind));
  matchVisualItems(places, items, model);
  const builder = new LayoutBuilder(model.language.contextLength);
  let next = 0;
  for (const { chunks } of turns) {
    for (const [index, chunk] of chunks.entries()) {
      const item = index > 0 ? items[next] : undefined;
      if (item !== undefined) builder.addVisual(visualSegments(item, next++, model));
      if (chunk !== '') builder.addTokens(tokenizer.encodeWithSpecials(chunk));
    }
  }
  return builder.layout();
}
