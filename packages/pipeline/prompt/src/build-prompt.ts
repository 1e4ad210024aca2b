import {
  generationTraits,
  PromptError,
  pythonStrip,
  type ModelDescription,
  type PromptLayout,
  type VisualItem,
} from '@ovis/core';
import { chatFormatOf, turnPrefix, words, type ChatFormat } from './chat-format.ts';
import { checkMessages, isVisualPart, partsOf } from './check-messages.ts';
import { encodePieces, type PromptPiece } from './encode-pieces.ts';
import { matchVisualItems } from './match-visual-items.ts';
import type { PromptContext, PromptMessage, PromptPart, VisualPart } from './prompt-message.ts';

/** What {@link buildPrompt} needs besides the messages. */
export type BuildPromptOptions = PromptContext & {
  /** Whether the model may think before it answers. Default: false. */
  readonly thinking?: boolean;
};

/**
 * Builds the prompt of a conversation as structure: token ids of the text, and places for pictures. Only the
 * format writes control tokens; `<image>`, `<|im_start|>` or `<think>` in a message of the user or the system stay
 * text. In earlier answers of the model, tokens not flagged special (`<think>`, `<tool_call>`) are read back, as
 * they were written out. The ids equal those of the official formatter for the same conversation.
 *
 * @throws PromptError when the messages do not form a prompt, or their pictures and `items` differ.
 * @throws ContextLengthError when the prompt leaves no room for an answer.
 * @throws TokenizerError when the vocabulary lacks a control token of the format.
 * @throws ModelFileError when the model's format is unknown.
 */
export function buildPrompt(messages: readonly PromptMessage[], options: BuildPromptOptions): PromptLayout {
  const { items, model, thinking = false } = options;
  const format = chatFormatOf(model);
  checkMessages(messages);
  checkReferences(messages.flatMap(partsOf).filter(isVisualPart), items, model);
  if (thinking) checkThinking(format, model);
  return encodePieces(renderMessages(messages, format, options), options);
}

/** Every item has its place, once, and of its kind. */
function checkReferences(places: readonly VisualPart[], items: readonly VisualItem[], model: ModelDescription): void {
  matchVisualItems(
    places.map(({ type }) => type),
    items,
    model,
  );
  const seen = new Set<number>();
  for (const { type, item } of places) {
    if (items[item]?.kind !== type) {
      throw new PromptError(`A message refers to ${type} ${item}, but there is no such ${type} among the items given.`);
    }
    if (seen.has(item))
      throw new PromptError(`Two places in the messages refer to ${type} ${item}. Give each its own item.`);
    seen.add(item);
  }
}

function checkThinking(format: ChatFormat, model: ModelDescription): void {
  if (!generationTraits[model.generation].thinking || format.noThinking === null || model.thinkEndToken === null) {
    throw new PromptError(`${model.name} (Ovis ${model.generation}) cannot think. Leave out \`thinking\`.`);
  }
}

function renderMessages(
  messages: readonly PromptMessage[],
  format: ChatFormat,
  { model, thinking = false }: BuildPromptOptions,
): PromptPiece[] {
  const { pictureSeparator } = generationTraits[model.generation];
  const hasSystem = messages[0]?.role === 'system' || format.defaultSystem === null;
  const all: readonly PromptMessage[] = hasSystem
    ? messages
    : [{ role: 'system', content: format.defaultSystem }, ...messages];
  const turns = all.flatMap((message): readonly PromptPiece[] => {
    const kind = message.role === 'assistant' ? 'answer' : 'text';
    const pieces = renderParts(partsOf(message), kind, pictureSeparator);
    const content = format.stripsMessages ? stripPieces(pieces) : pieces;
    return [...turnPrefix(format, message.role), ...content, ...format.turnEnd, ...format.betweenTurns];
  });
  const preface = thinking ? [] : (format.noThinking ?? []);
  return [...format.start, ...turns, ...format.prefix.assistant, ...preface];
}

/**
 * Joins texts by line breaks, and pictures with their neighbours as the generation does. A text that ends with
 * white space keeps the picture after it on its line.
 */
function renderParts(parts: readonly PromptPart[], kind: 'text' | 'answer', pictureSeparator: string): PromptPiece[] {
  return parts.flatMap((part, index): PromptPiece[] => {
    const before = parts[index - 1];
    const piece: PromptPiece = isVisualPart(part) ? { kind: 'visual', item: part.item } : { kind, text: part.text };
    if (before === undefined) return [piece];
    if (isVisualPart(before)) return [words(pictureSeparator), piece];
    if (!isVisualPart(part)) return [words('\n'), piece];
    return /\s$/u.test(before.text) ? [piece] : [words(pictureSeparator), piece];
  });
}

/** The pieces of a message without white space at its ends, as `str.strip()` of its text with markers. */
function stripPieces(pieces: readonly PromptPiece[]): PromptPiece[] {
  const stripped = [...pieces];
  for (const [side, end] of [
    ['start', 0],
    ['end', -1],
  ] as const) {
    for (let piece = stripped.at(end); piece?.kind === 'text' || piece?.kind === 'answer'; piece = stripped.at(end)) {
      const text = pythonStrip(piece.text, side);
      if (text !== '') {
        stripped.splice(end, 1, { ...piece, text });
        break;
      }
      stripped.splice(end, 1);
    }
  }
  return stripped;
}
