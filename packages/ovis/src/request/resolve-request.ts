import {
  generationTraits,
  InvalidArgumentError,
  PromptError,
  type ChatMessage,
  type ContentPart,
  type ModelDescription,
} from '@ovis/core';
import type { GenerateRequest } from './generate-request.ts';

/** A request whose shape is checked; numbers of sampling are checked by the generation stage. */
export type ResolvedRequest = {
  readonly messages: readonly { readonly role: ChatMessage['role']; readonly content: readonly ContentPart[] }[];
  readonly stop: readonly string[];
  /** Tokens the model may think; null: not at all, Infinity: as long as it likes. */
  readonly thinkingBudget: number | null;
};

const MAX_MESSAGES = 10_000;
const MAX_PARTS = 10_000;
const MAX_STOPS = 16;
const MAX_STOP_LENGTH = 1000;
const roles = new Set<unknown>(['system', 'user', 'assistant']);

/**
 * Checks what callers without types may get wrong, and applies defaults.
 *
 * @throws InvalidArgumentError, PromptError
 */
export function resolveRequest(request: GenerateRequest, model: ModelDescription): ResolvedRequest {
  const { messages, stop = [], thinking = false } = request;
  if (!Array.isArray(messages) || messages.length > MAX_MESSAGES) {
    throw new InvalidArgumentError(`messages must be a list of at most ${MAX_MESSAGES} messages.`);
  }
  return {
    messages: messages.map((message, index) => resolveMessage(message, index)),
    stop: resolveStop(stop),
    thinkingBudget: resolveThinking(thinking, model),
  };
}

function resolveMessage(message: ChatMessage, index: number) {
  const { role, content } = message;
  if (!roles.has(role)) {
    throw new PromptError(`messages[${index}].role is ${show(role)}; expected "system", "user" or "assistant".`);
  }
  if (typeof content === 'string') return { role, content: [{ type: 'text', text: content } as const] };
  if (!Array.isArray(content) || content.length > MAX_PARTS) {
    throw new PromptError(`messages[${index}].content must be text or a list of at most ${MAX_PARTS} parts.`);
  }
  const parts: readonly ContentPart[] = content;
  parts.forEach((part, number) => checkPart(part, `messages[${index}].content[${number}]`));
  return { role, content: parts };
}

function checkPart(part: ContentPart, where: string): void {
  switch (part.type) {
    case 'text':
      if (typeof part.text !== 'string') throw new PromptError(`${where}.text must be a string.`);
      return;
    case 'image':
      if (part.image === undefined || part.image === null) throw new PromptError(`${where} has no "image".`);
      return;
    case 'video':
      if (!Array.isArray(part.frames) || part.frames.length === 0) {
        throw new PromptError(`${where}.frames must be a list of at least one picture.`);
      }
      return;
    default:
      throw new PromptError(
        `${where}.type is ${show((part as { type?: unknown }).type)}; expected "text", "image" or "video".`,
      );
  }
}

function resolveStop(stop: readonly string[]): readonly string[] {
  if (!Array.isArray(stop) || stop.length > MAX_STOPS || !stop.every(isStopText)) {
    throw new InvalidArgumentError(
      `stop must be a list of at most ${MAX_STOPS} texts of 1 to ${MAX_STOP_LENGTH} characters; got ${show(stop)}.`,
    );
  }
  return stop;
}

function isStopText(text: unknown): boolean {
  return typeof text === 'string' && text !== '' && text.length <= MAX_STOP_LENGTH;
}

function resolveThinking(thinking: unknown, { generation }: ModelDescription): number | null {
  if (thinking === false) return null;
  if (!generationTraits[generation].thinking) {
    throw new InvalidArgumentError(
      `Ovis ${generation} cannot think before it answers. Leave out \`thinking\`, or use Ovis 2.5 or later.`,
    );
  }
  if (thinking === true) return Infinity;
  const budget =
    typeof thinking === 'object' && thinking !== null && 'budget' in thinking ? thinking.budget : undefined;
  if (typeof budget !== 'number' || !Number.isInteger(budget) || budget < 1) {
    throw new InvalidArgumentError(
      `thinking must be true, false or { budget } with a positive whole number of tokens; got ${show(thinking)}.`,
    );
  }
  return budget;
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 100);
}
