import { PromptError, TokenizerError, type PromptLayout } from '@ovis/core';
import type { FormatPiece } from './chat-format.ts';
import { LayoutBuilder } from './layout-builder.ts';
import type { PromptContext } from './prompt-message.ts';
import { visualSegments } from './visual-segments.ts';

/**
 * A piece of a rendered conversation: what the format writes, an earlier answer of the model, or a picture, whose
 * `item` is an index into the visual items.
 */
export type PromptPiece =
  | FormatPiece
  | { readonly kind: 'answer'; readonly text: string }
  | { readonly kind: 'visual'; readonly item: number };

/**
 * Encodes rendered pieces. Text between two control tokens or pictures is one run, as the official
 * tokenizer sees it: the role's name, the line break and the user's first words may share a token.
 */
export function encodePieces(pieces: readonly PromptPiece[], { items, tokenizer, model }: PromptContext): PromptLayout {
  const builder = new LayoutBuilder(model.language.contextLength);
  let run = '';
  let holdsAnswer = false;
  const endRun = (): void => {
    if (run !== '') builder.addTokens(holdsAnswer ? tokenizer.encodeAnswer(run) : tokenizer.encode(run));
    run = '';
    holdsAnswer = false;
  };
  for (const piece of pieces) {
    if (piece.kind === 'text' || piece.kind === 'answer') {
      run += piece.text;
      holdsAnswer ||= piece.kind === 'answer';
      continue;
    }
    if (piece.kind === 'control') {
      const id = tokenizer.tokenIdOf(piece.text);
      if (id === undefined) {
        throw new TokenizerError(
          `The tokenizer has no token ${piece.text}, which the prompt format "${model.promptFormat}" needs. ` +
            'Take the tokenizer.json of the same checkpoint.',
        );
      }
      endRun();
      builder.addTokens([id]);
      continue;
    }
    const item = items[piece.item];
    if (item === undefined) throw new PromptError(`There is no visual item ${piece.item}; ${items.length} were given.`);
    endRun();
    builder.addVisual(visualSegments(item, piece.item, model));
  }
  endRun();
  return builder.layout();
}
