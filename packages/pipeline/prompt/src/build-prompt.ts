import { generationTraits, PromptError, type ModelDescription, type PromptLayout, type VisualItem } from '@ovis/core';
import { chatFormatOf, type ChatFormat } from './chat-format.ts';
import { checkMessages, isVisualPart, partsOf } from './check-messages.ts';
import { encodePieces, type PromptPiece } from './encode-pieces.ts';
import { matchVisualItems } from './match-visual-items.ts';
import type { PromptContext, PromptMessage, PromptPart, VisualPart } from './prompt-message.ts';

const lineBreak: PromptPiece = { kind: 'text', text: '\n' };

/** What {@link buildPrompt} needs besides the messages. */
export type BuildPromptOptions = PromptContext & {
  /** Whether the model may think before it answers. Default: false. */
  readonly thinking?: boolean;
};

/**
 * Builds the prompt of a conversation as structure: token ids of the text, and places for pictures. Only the
 * format writes control tokens; `<image>`, `<|im_start|>` or `<think>` in a message stay text. The ids equal
 * those of the official formatter for the same conversation.
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
  return encodePieces(renderMessages(messages, format, thinking), options);
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

function renderMessages(messages: readonly PromptMessage[], format: ChatFormat, thinking: boolean): PromptPiece[] {
  const hasSystem = messages[0]?.role === 'system' || format.defaultSystem === null;
  const all: readonly PromptMessage[] = hasSystem
    ? messages
    : [{ role: 'system', content: format.defaultSystem }, ...messages];
  const turns = all.flatMap((message) => [format.prefix[message.role], renderParts(partsOf(message)), format.turnEnd]);
  return [...turns, format.prefix.assistant, thinking ? [] : (format.noThinking ?? [])].flat();
}

/** Joins parts by line breaks, except between a text that ends with white space and the picture after it. */
function renderParts(parts: readonly PromptPart[]): PromptPiece[] {
  return parts.flatMap((part, index): PromptPiece[] => {
    if (!isVisualPart(part)) return [...(index > 0 ? [lineBreak] : []), { kind: 'text', text: part.text }];
    const before = parts[index - 1];
    const sameLine = before === undefined || (before.type === 'text' && /\s$/u.test(before.text));
    return [...(sameLine ? [] : [lineBreak]), { kind: 'visual', item: part.item }];
  });
}
