import { ModelFileError, PromptError, type ModelDescription, type OvisGeneration, type PromptFormat } from '@ovis/core';
import type { PromptRole } from './prompt-message.ts';

/** A piece of a rendered prompt: a control token by its text, or text. */
export type FormatPiece =
  | { readonly kind: 'control'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

/** How turns are written down. The rows are the official `*ConversationFormatter` classes. */
export type ChatFormat = {
  /** What the conversation begins with. */
  readonly start: readonly FormatPiece[];
  /** What a turn begins with; no system turn where the language model knows none. */
  readonly prefix: Readonly<Record<Exclude<PromptRole, 'system'>, readonly FormatPiece[]>> & {
    readonly system: readonly FormatPiece[] | null;
  };
  /** What a turn ends with. */
  readonly turnEnd: readonly FormatPiece[];
  /** What stands between two turns. */
  readonly betweenTurns: readonly FormatPiece[];
  /** System message of a conversation that has none of its own. */
  readonly defaultSystem: string | null;
  /** Whether white space around a message is dropped. */
  readonly stripsMessages: boolean;
  /** What an answer begins with when the model shall not think; null where it cannot. */
  readonly noThinking: readonly FormatPiece[] | null;
};

const control = (text: string): FormatPiece => ({ kind: 'control', text });
/** Text of our own inside a prompt. */
export const words = (text: string): FormatPiece => ({ kind: 'text', text });

const qwen: ChatFormat = {
  start: [],
  prefix: {
    system: [control('<|im_start|>'), words('system\n')],
    user: [control('<|im_start|>'), words('user\n')],
    assistant: [control('<|im_start|>'), words('assistant\n')],
  },
  turnEnd: [control('<|im_end|>'), words('\n')],
  betweenTurns: [],
  defaultSystem: 'You are a helpful assistant.',
  stripsMessages: false,
  noThinking: null,
};

/** The branch of 1.0 has no line break after the last turn. */
const qwenOf10: ChatFormat = { ...qwen, turnEnd: [control('<|im_end|>')], betweenTurns: [words('\n')] };

const qwen3: ChatFormat = {
  ...qwen,
  defaultSystem: null,
  noThinking: [control('<think>'), words('\n\n'), control('</think>'), words('\n\n')],
};

const llama3Prefix = (role: string): readonly FormatPiece[] => [
  control('<|start_header_id|>'),
  words(role),
  control('<|end_header_id|>'),
  words('\n\n'),
];

const llama3: ChatFormat = {
  start: [control('<|begin_of_text|>')],
  prefix: { system: llama3Prefix('system'), user: llama3Prefix('user'), assistant: llama3Prefix('assistant') },
  turnEnd: [control('<|eot_id|>')],
  betweenTurns: [],
  defaultSystem: 'You are a helpful and honest multimodal assistant.',
  stripsMessages: true,
  noThinking: null,
};

const gemma: ChatFormat = {
  start: [control('<bos>')],
  prefix: {
    system: null,
    user: [control('<start_of_turn>'), words('user\n')],
    assistant: [control('<start_of_turn>'), words('model\n')],
  },
  turnEnd: [control('<end_of_turn>'), words('\n')],
  betweenTurns: [],
  defaultSystem: null,
  stripsMessages: true,
  noThinking: null,
};

const formats: Readonly<Record<PromptFormat, ChatFormat>> = { qwen, qwen3, llama3, gemma };

/** Generations that write a format down in their own way. */
const dialects: Readonly<Partial<Record<OvisGeneration, Partial<Record<PromptFormat, ChatFormat>>>>> = {
  '1.0': { qwen: qwenOf10 },
};

/**
 * The format a model asks for, in the dialect of its generation.
 *
 * @throws ModelFileError when this version has no such format.
 */
export function chatFormatOf({ generation, promptFormat, name }: ModelDescription): ChatFormat {
  if (!Object.hasOwn(formats, promptFormat)) {
    throw new ModelFileError(
      `${name} asks for the prompt format "${promptFormat}"; known are ${Object.keys(formats).join(', ')}. ` +
        'Use a newer version of this package.',
    );
  }
  return dialects[generation]?.[promptFormat] ?? formats[promptFormat];
}

/**
 * What a turn of a role begins with.
 *
 * @throws PromptError when the format has no turn of that role.
 */
export function turnPrefix(format: ChatFormat, role: PromptRole): readonly FormatPiece[] {
  const prefix = format.prefix[role];
  if (prefix !== null) return prefix;
  throw new PromptError(
    'The language model of this Ovis (Gemma) knows no system message. Put the instruction into the first message of the user.',
  );
}

/** Pieces as the official code writes them: one text in which control tokens are spelled out. */
export function spellOut(pieces: readonly FormatPiece[]): string {
  return pieces.map(({ text }) => text).join('');
}
