import { ModelFileError, type ModelDescription, type PromptFormat } from '@ovis/core';
import type { PromptRole } from './prompt-message.ts';

/** A piece of a rendered prompt: a control token by its text, or text. */
export type FormatPiece =
  | { readonly kind: 'control'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** How turns are written down. The rows are the official `*ConversationFormatter` classes. */
export type ChatFormat = {
  /** What a turn begins with. */
  readonly prefix: Readonly<Record<PromptRole, readonly FormatPiece[]>>;
  /** What a turn ends with. */
  readonly turnEnd: readonly FormatPiece[];
  /** System message of a conversation that has none of its own. */
  readonly defaultSystem: string | null;
  /** What an answer begins with when the model shall not think; null where it cannot. */
  readonly noThinking: readonly FormatPiece[] | null;
};

const control = (text: string): FormatPiece => ({ kind: 'control', text });
const words = (text: string): FormatPiece => ({ kind: 'text', text });

const qwen: ChatFormat = {
  prefix: {
    system: [control('<|im_start|>'), words('system\n')],
    user: [control('<|im_start|>'), words('user\n')],
    assistant: [control('<|im_start|>'), words('assistant\n')],
  },
  turnEnd: [control('<|im_end|>'), words('\n')],
  defaultSystem: 'You are a helpful assistant.',
  noThinking: null,
};

const qwen3: ChatFormat = {
  ...qwen,
  defaultSystem: null,
  noThinking: [control('<think>'), words('\n\n'), control('</think>'), words('\n\n')],
};

const formats: Readonly<Partial<Record<PromptFormat, ChatFormat>>> = { qwen, qwen3 };

/**
 * The format a model asks for.
 *
 * @throws ModelFileError when this version has no such format.
 */
export function chatFormatOf(model: ModelDescription): ChatFormat {
  const format = formats[model.promptFormat];
  if (format === undefined) {
    throw new ModelFileError(
      `${model.name} asks for the prompt format "${model.promptFormat}"; known are ${Object.keys(formats).join(', ')}. ` +
        'Use a newer version of this package.',
    );
  }
  return format;
}

/** Pieces as the official code writes them: one text in which control tokens are spelled out. */
export function spellOut(pieces: readonly FormatPiece[]): string {
  return pieces.map(({ text }) => text).join('');
}
