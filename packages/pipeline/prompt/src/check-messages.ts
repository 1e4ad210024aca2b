import { PromptError } from '@ovis/core';
import type { PromptMessage, PromptPart, VisualPart } from './prompt-message.ts';

const roles = ['system', 'user', 'assistant'] as const;

/**
 * Checks the form of a conversation: known roles, known parts, pictures with the user only, no empty message
 * of the user, and something to answer at the end.
 *
 * @throws PromptError naming the message.
 */
export function checkMessages(messages: readonly PromptMessage[]): void {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new PromptError('The conversation has no messages. Pass at least one message of the user.');
  }
  for (const [index, message] of messages.entries())
    checkMessage(message, `Message ${index + 1} of ${messages.length}`);
  const last = messages.at(-1);
  if (last?.role !== 'user') {
    throw new PromptError(
      `The last message is from the ${last?.role}, so there is nothing to answer. End with a message of the user.`,
    );
  }
}

/** The parts of a message; plain content is one text. */
export function partsOf({ content }: PromptMessage): readonly PromptPart[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

/** Whether a part is a picture or a video. */
export function isVisualPart(part: PromptPart): part is VisualPart {
  return part.type !== 'text';
}

function checkMessage(message: PromptMessage, where: string): void {
  if (typeof message !== 'object' || message === null) throw new PromptError(`${where} is no message.`);
  if (!roles.includes(message.role)) {
    throw new PromptError(`${where} has the role ${JSON.stringify(message.role)}; expected ${roles.join(', ')}.`);
  }
  if (typeof message.content !== 'string' && !Array.isArray(message.content)) {
    throw new PromptError(`${where} has no content. Expected a text or a list of parts.`);
  }
  const parts = partsOf(message);
  for (const part of parts) checkPart(part, message.role, where);
  if (message.role === 'user' && parts.every((part) => part.type === 'text' && part.text === '')) {
    throw new PromptError(`${where} is empty. Ask something, pass a picture, or leave the message out.`);
  }
}

function checkPart(part: PromptPart, role: PromptMessage['role'], where: string): void {
  if (typeof part !== 'object' || part === null) throw new PromptError(`${where} has a part that is none.`);
  switch (part.type) {
    case 'text':
      if (typeof part.text !== 'string') throw new PromptError(`${where} has a text part without text.`);
      return;
    case 'image':
    case 'video':
      if (role === 'user') return;
      throw new PromptError(
        `${where} is from the ${role} and holds an ${part.type}. Only messages of the user hold pictures and videos.`,
      );
    default:
      throw new PromptError(
        `${where} has a part of type ${JSON.stringify((part as { type?: unknown }).type)}; expected text, image or video.`,
      );
  }
}
