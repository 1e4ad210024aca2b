import { PromptError } from '@ovis/core';
import { chatFormatOf, spellOut, turnPrefix } from './chat-format.ts';
import { encodeMarkedTurns, type MarkedTurn } from './encode-marked-turns.ts';
import { officialIds } from './official-ids.ts';
import type { OfficialPrompt } from './official-prompt.ts';
import type { PromptContext, PromptRole } from './prompt-message.ts';

/** A message as `preprocess_inputs` of the Hub's Ovis2.5 class takes it. */
export type HubMessage = {
  readonly role: string;
  readonly content:
    | string
    | readonly (
        | { readonly type: 'text'; readonly text: string }
        | { readonly type: 'image' | 'video'; readonly image?: unknown; readonly video?: unknown }
      )[];
};

/** What {@link buildHubPrompt} needs besides the messages. */
export type HubPromptOptions = PromptContext & {
  /** Default: false, as `preprocess_inputs` has it (the bare chat template thinks unless told not to). */
  readonly enableThinking?: boolean;
};

/**
 * Builds a prompt exactly as the chat template of the Hub's Ovis2.5 does, for comparison with the official code:
 * markers in texts are deleted, items are joined by line breaks, reasoning in earlier answers is dropped, and an
 * answer given as a list renders as nothing (a mistake in the template, kept). Control tokens in texts are control
 * tokens, so never for words of a user; see `buildPrompt`.
 *
 * @throws PromptError for unknown roles and parts, and when parts and `items` differ.
 * @throws ContextLengthError when the prompt leaves no room for an answer.
 */
export function buildHubPrompt(messages: readonly HubMessage[], options: HubPromptOptions): OfficialPrompt {
  const { model, enableThinking = false } = options;
  const format = chatFormatOf(model);
  if (messages.length === 0) throw new PromptError('The conversation has no messages. Pass at least one.');
  const turns = messages.map(({ role, content }) => {
    const known = roleOf(role);
    const text = known === 'assistant' ? answerText(content) : contentText(content);
    return spellOut(turnPrefix(format, known)) + text + spellOut(format.turnEnd);
  });
  const preface = enableThinking ? '' : spellOut(format.noThinking ?? []);
  const prompt = turns.join('') + spellOut(format.prefix.assistant) + preface;
  const layout = encodeMarkedTurns([splitPrompt(prompt)], options);
  return { ...layout, ...officialIds(layout, model) };
}

function roleOf(role: string): PromptRole {
  if (role === 'system' || role === 'user' || role === 'assistant') return role;
  throw new PromptError(`A message has the role ${JSON.stringify(role)}; expected system, user or assistant.`);
}

function contentText(content: HubMessage['content']): string {
  if (typeof content === 'string') return withoutMarkers(content);
  return content.map((part) => (part.type === 'text' ? withoutMarkers(part.text) : marker(part.type))).join('\n');
}

/** The template collects the parts of a list inside a loop, and Jinja forgets the variable after it. */
function answerText(content: HubMessage['content']): string {
  if (typeof content !== 'string') {
    if (content.every(({ type }) => type === 'text')) return '';
    throw new PromptError('A message of the assistant holds a part that is no text.');
  }
  return (withoutMarkers(content).split('</think>').at(-1) ?? '').replace(/^\n+/, '');
}

function withoutMarkers(text: string): string {
  return text.replaceAll('<image>', '').replaceAll('<video>', '');
}

function marker(type: string): string {
  if (type === 'image' || type === 'video') return `<${type}>`;
  throw new PromptError(`A message has a part of type ${JSON.stringify(type)}; expected text, image or video.`);
}

function splitPrompt(prompt: string): MarkedTurn {
  const kind = prompt.includes('<video>') ? 'video' : 'image';
  if (kind === 'video' && prompt.includes('<image>')) {
    throw new PromptError('A prompt holds images or a video, not both. Pass them in separate conversations.');
  }
  return { kind, chunks: prompt.split(`<${kind}>`) };
}
