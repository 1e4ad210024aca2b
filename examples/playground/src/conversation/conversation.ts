import { computed, signal, type Signal } from '@preact/signals';
import type { ChatMessage, FinishPart, GenerateRequest, Ovis } from 'ovis/web';
import { lookedAt } from '../look/looked-at.ts';
import { explainError } from '../model/explain-error.ts';
import { modelState } from '../model/model-state.ts';
import { announce } from '../page/announce.tsx';
import { clearNotice, showNotice } from '../page/notices.ts';
import { settings } from '../page/settings.ts';
import { draftPictures } from './draft.ts';
import type { Picture } from './picture.ts';
import { SentenceReader } from './sentence-reader.ts';

/** An answer as far as it is there. */
export type Answer = {
  readonly state: 'waiting' | 'running' | 'done' | 'stopped' | 'failed';
  readonly text: string;
  readonly reasoning: string;
  /** Tokens and times, once it is done. */
  readonly finish: FinishPart | null;
};

/** A question with its answer. */
export type Turn = {
  readonly id: number;
  readonly question: string;
  readonly pictures: readonly Picture[];
  readonly answer: Signal<Answer>;
};

export const turns = signal<readonly Turn[]>([]);

/** The run at hand; null while the model has nothing to do. */
const running = signal<AbortController | null>(null);

/** Whether an answer is being made. */
export const isAnswering = computed(() => running.value !== null);

let lastId = 0;

/** Asks the loaded model, with the conversation so far. */
export async function ask(question: string, pictures: readonly Picture[]): Promise<void> {
  const model = modelState.value;
  if (model.kind !== 'ready' || running.value !== null) return;
  const answer = signal<Answer>({ state: 'waiting', text: '', reasoning: '', finish: null });
  const turn = { id: ++lastId, question, pictures, answer };
  const messages = [...messagesOf(turns.value), userMessage(turn)];
  turns.value = [...turns.value, turn];
  clearNotice();
  const run = new AbortController();
  running.value = run;
  try {
    await readAnswer(model.ovis, answer, { ...requestOf(model.ovis), messages, signal: run.signal });
  } catch (error) {
    const stopped = run.signal.aborted;
    answer.value = { ...answer.value, state: stopped ? 'stopped' : 'failed' };
    if (stopped) announce('Stopped.');
    else showNotice(explainError(error));
  } finally {
    running.value = null;
  }
}

/** Ends the answer at hand; what is there stays. */
export function stopAnswering(): void {
  running.value?.abort();
}

/** Forgets all turns. */
export function clearConversation(): void {
  stopAnswering();
  const kept = new Set(draftPictures.value.map(({ id }) => id));
  for (const { pictures } of turns.value) {
    for (const { id, url } of pictures) if (!kept.has(id)) URL.revokeObjectURL(url);
  }
  turns.value = [];
  lookedAt.value = draftPictures.value.at(-1) ?? null;
  clearNotice();
  announce('New conversation.');
}

async function readAnswer(ovis: Ovis, answer: Signal<Answer>, request: GenerateRequest): Promise<void> {
  const reader = new SentenceReader(announce);
  for await (const part of ovis.stream(request)) {
    const { text, reasoning } = answer.value;
    switch (part.type) {
      case 'text-delta':
        answer.value = { ...answer.value, state: 'running', text: text + part.text };
        reader.add(part.text);
        break;
      case 'reasoning-delta':
        answer.value = { ...answer.value, state: 'running', reasoning: reasoning + part.text };
        break;
      case 'finish':
        answer.value = { ...answer.value, state: 'done', finish: part };
        reader.end();
        break;
    }
  }
}

/** Settings of the page as a request; a model that cannot think is not asked to. */
function requestOf(ovis: Ovis): Pick<GenerateRequest, 'maxNewTokens' | 'temperature' | 'thinking'> {
  const { maxNewTokens, temperature, thinking } = settings.value;
  return { maxNewTokens, temperature, thinking: thinking && canThink(ovis) };
}

/** Whether the model can think before it answers. */
export function canThink(ovis: Ovis): boolean {
  return ovis.model.thinkEndToken !== null;
}

/** Turns that have an answer, as the model is told of them. */
function messagesOf(past: readonly Turn[]): ChatMessage[] {
  return past.flatMap((turn) => {
    const { text, state } = turn.answer.value;
    return state === 'failed' || text === '' ? [] : [userMessage(turn), { role: 'assistant', content: text } as const];
  });
}

function userMessage({ question, pictures }: Pick<Turn, 'question' | 'pictures'>): ChatMessage {
  return {
    role: 'user',
    content: [
      ...pictures.map(({ file }) => ({ type: 'image', image: file }) as const),
      { type: 'text', text: question },
    ],
  };
}
