import { generationTraits, PromptError, pythonStrip, type PromptLayout, type VisualItem } from '@ovis/core';
import { chatFormatOf, spellOut, turnPrefix, type ChatFormat } from './chat-format.ts';
import { encodeMarkedTurns, type MarkedTurn } from './encode-marked-turns.ts';
import { officialIds, type OfficialIds } from './official-ids.ts';
import type { PromptContext } from './prompt-message.ts';

/** A turn as the official code keeps it; markers in `value` stand for pictures. */
export type OfficialTurn = {
  /** `ignored_gpt`: an answer that training does not learn (2.5). */
  readonly from: 'system' | 'human' | 'gpt' | 'ignored_gpt';
  readonly value: string;
};

/** A prompt with the arrays of the official code. */
export type OfficialPrompt = PromptLayout & OfficialIds;

/** What {@link buildOfficialPrompt} needs besides the conversation. */
export type OfficialPromptOptions = PromptContext & {
  /**
   * What the answer begins with: `''`, or the empty think block of 2.5. Null builds a training example, which
   * ends with the conversation itself.
   */
  readonly generationPreface: string | null;
};

const roles = { system: 'system', human: 'user', gpt: 'assistant', ignored_gpt: 'assistant' } as const;

/**
 * Builds a prompt exactly as the official `ConversationFormatter` does, for comparison with the official code:
 * `<image>` and `<video>` in the text are markers, and control tokens in the text are control tokens. Never for
 * words of a user; see `buildPrompt`.
 *
 * @throws PromptError when the conversation is empty, or markers and items differ. Generations before 2.5 ignore
 *   surplus pictures, as the official code does.
 * @throws ContextLengthError when the prompt leaves no room for an answer.
 */
export function buildOfficialPrompt(
  conversation: readonly OfficialTurn[],
  options: OfficialPromptOptions,
): OfficialPrompt {
  const { items, model, generationPreface } = options;
  const format = chatFormatOf(model);
  if (conversation.length === 0) throw new PromptError('The conversation has no turns. Pass at least one.');
  const native = generationTraits[model.generation].views === 'native';
  const turns = renderTurns(conversation, format, generationPreface).map((text) => splitTurn(text, native));
  const layout = encodeMarkedTurns(turns, { ...options, items: native ? items : items.slice(0, markers(turns)) });
  return { ...layout, ...officialIds(layout, model) };
}

function renderTurns(conversation: readonly OfficialTurn[], format: ChatFormat, preface: string | null): string[] {
  const hasSystem = conversation[0]?.from === 'system' || format.defaultSystem === null;
  const all: readonly OfficialTurn[] = hasSystem
    ? conversation
    : [{ from: 'system', value: format.defaultSystem }, ...conversation];
  const strip = (message: string): string => (format.stripsMessages ? pythonStrip(message) : message);
  const end = spellOut(format.turnEnd);
  const turns = all.map((turn) => {
    const role = Object.hasOwn(roles, turn.from) ? roles[turn.from] : undefined;
    if (role === undefined) {
      throw new PromptError(`A turn is from ${JSON.stringify(turn.from)}; expected ${Object.keys(roles).join(', ')}.`);
    }
    const message = preface === null ? withThinkBlock(turn, format) : turn.value;
    return spellOut(turnPrefix(format, role)) + strip(message) + end;
  });
  if (preface === null) {
    // 2.5 drops the line break at the end of an example that ends with an answer.
    const last = turns.pop() ?? '';
    const endsWithAnswer = format.noThinking !== null && roles[all.at(-1)?.from ?? 'human'] === 'assistant';
    turns.push(endsWithAnswer ? last.replace(/\n$/, '') : last);
  } else {
    turns.push(spellOut(format.prefix.assistant) + strip(preface));
  }
  const between = spellOut(format.betweenTurns);
  return [spellOut(format.start), ...turns.map((turn, index) => (index < turns.length - 1 ? turn + between : turn))];
}

/** An answer of a training example of 2.5 gets an empty think block, unless it has a full one. */
function withThinkBlock({ from, value }: OfficialTurn, { noThinking }: ChatFormat): string {
  const thinks = value.includes('<think>') && value.includes('</think>');
  return from === 'gpt' && noThinking !== null && !thinks ? spellOut(noThinking) + value : value;
}

/** In 2.5 a turn with `<video>` keeps `<image>` as text; the two are refused together later. */
function splitTurn(text: string, native: boolean): MarkedTurn {
  const kind: VisualItem['kind'] = native && text.includes('<video>') ? 'video' : 'image';
  if (kind === 'video' && text.includes('<image>')) {
    throw new PromptError('A turn holds <image> and <video>. The official code refuses both in one prompt.');
  }
  return { kind, chunks: text.split(`<${kind}>`) };
}

function markers(turns: readonly MarkedTurn[]): number {
  return turns.reduce((sum, { chunks }) => sum + chunks.length - 1, 0);
}
