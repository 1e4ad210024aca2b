import { fixtureCases, integersOf } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import {
  buildHubPrompt,
  buildOfficialPrompt,
  buildPrompt,
  officialIds,
  type OfficialTurn,
  type PromptMessage,
  type PromptPart,
} from '../src/index.ts';
import {
  caseItems,
  fixtureModel,
  fixtureTokenizer,
  nativeItem,
  tiledImage,
  type FixtureModel,
  type PromptCase,
} from './fixture-model.ts';

const models: readonly FixtureModel[] = ['ovis2-tiny', 'ovis2.5-tiny'];

describe.each(models)('prompts of %s', (name) => {
  const model = fixtureModel(name);
  const tokenizer = fixtureTokenizer(name);
  const cases = fixtureCases<PromptCase>(name);
  const conversations = cases.filter(
    ({ tensors, description }) => tensors.has('prompt_ids') && description.prompt !== undefined,
  );

  test.each(conversations)('$name: the official ids', ({ description, tensors }) => {
    const prompt = buildOfficialPrompt(turnsOf(description), {
      items: caseItems(description),
      tokenizer,
      model,
      generationPreface: description.generation_preface ?? '',
    });
    expect(prompt.promptIds).toEqual(integersOf(tensors.get('prompt_ids')));
    expect(prompt.inputIds).toEqual(integersOf(tensors.get('input_ids')));
    expect(prompt.length).toBe(description.sequence_length);
    expect(prompt.textTokens + prompt.visualTokens).toBe(prompt.length);
  });

  test.each(conversations)('$name: the same ids from messages with parts', ({ description, tensors }) => {
    const messages = messagesOf(turnsOf(description));
    const layout = buildPrompt(messages, {
      items: caseItems(description),
      tokenizer,
      model,
      thinking: description.enable_thinking ?? false,
    });
    expect(officialIds(layout, model)).toEqual({
      promptIds: integersOf(tensors.get('prompt_ids')),
      inputIds: integersOf(tensors.get('input_ids')),
    });
  });

  test('training-labels: the ids without a generation preface', () => {
    const example = cases.find((each) => each.name === 'training-labels');
    if (example === undefined) throw new Error('training-labels');
    const expected = integersOf(example.tensors.get('input_ids'));
    const count = (wanted: number): number => expected.filter((id) => id === wanted).length;
    const rows = count(-304) + 1;
    const prompt = buildOfficialPrompt(turnsOf(example.description), {
      items: [name === 'ovis2-tiny' ? tiledImage(rows, count(-303) / rows + 1) : nativeItem('image', count(-300))],
      tokenizer,
      model,
      generationPreface: null,
    });
    expect(prompt.inputIds).toEqual(expected);
  });
});

describe('prompts of the Hub class of ovis2.5-tiny', () => {
  const model = fixtureModel('ovis2.5-tiny');
  const tokenizer = fixtureTokenizer('ovis2.5-tiny');
  const cases = fixtureCases<PromptCase>('ovis2.5-tiny').filter(({ name }) => name.startsWith('hub-'));

  test.each(cases)('$name', ({ description, tensors }) => {
    const expected = integersOf(tensors.get('input_ids'));
    // The case of the thinking budget does not tell its grid.
    const items =
      description.grid_thws === undefined
        ? [nativeItem('image', expected.filter((id) => id === -300).length)]
        : caseItems(description);
    const prompt = buildHubPrompt(description.messages ?? [], {
      items,
      tokenizer,
      model,
      enableThinking: description.enable_thinking ?? false,
    });
    expect(prompt.inputIds).toEqual(expected);
  });

  test.each(cases.filter(({ name }) => !['hub-assistant-list', 'hub-text'].includes(name)))(
    '$name: the same ids from messages with parts',
    ({ description, tensors }) => {
      const expected = integersOf(tensors.get('input_ids'));
      const items =
        description.grid_thws === undefined
          ? [nativeItem('image', expected.filter((id) => id === -300).length)]
          : caseItems(description);
      let item = 0;
      const messages = (description.messages ?? []).map(({ role, content }): PromptMessage => {
        if (typeof content === 'string') {
          return { role, content: content.replace(/^[^]*<\/think>\n*/, '') };
        }
        const parts = content.map(
          (part): PromptPart =>
            part.type === 'text'
              ? { type: 'text', text: part.text.replaceAll('<image>', '') }
              : { type: part.type, item: item++ },
        );
        return { role, content: parts };
      });
      const layout = buildPrompt(messages, { items, tokenizer, model, thinking: description.enable_thinking ?? false });
      expect(officialIds(layout, model).inputIds).toEqual(expected);
    },
  );
});

type ChatCase = {
  readonly turns?: readonly unknown[];
  readonly history_conversations?: readonly OfficialTurn[];
  readonly prompt?: string;
  readonly enable_thinking: boolean;
  readonly calls?: readonly { readonly input_ids: readonly number[] }[];
};

describe('calls of chat() of ovis2.5-tiny', () => {
  const model = fixtureModel('ovis2.5-tiny');
  const tokenizer = fixtureTokenizer('ovis2.5-tiny');
  const cases = fixtureCases<ChatCase>('ovis2.5-tiny').filter(({ description }) => description.calls !== undefined);
  const calls = cases.flatMap(({ name, description }) =>
    (description.history_conversations === undefined
      ? [[{ from: 'human' as const, value: description.prompt ?? '' }]]
      : [0, 1].map((turn) => description.history_conversations?.slice(0, 2 * turn + 1) ?? [])
    ).map((conversation, call) => ({
      name: `${name}, call ${call}`,
      conversation,
      thinking: description.enable_thinking,
      expected: description.calls?.[call]?.input_ids ?? [],
    })),
  );

  test.each(calls)('$name', ({ conversation, thinking, expected }) => {
    const starts = expected.filter((id) => id === -301).length;
    const atoms = expected.filter((id) => id === -300).length;
    const items = Array.from({ length: starts }, () => nativeItem('image', atoms / starts));
    const prompt = buildOfficialPrompt(conversation, {
      items,
      tokenizer,
      model,
      generationPreface: thinking ? '' : '<think>\n\n</think>\n\n',
    });
    expect(prompt.inputIds).toEqual(expected);
    const layout = buildPrompt(messagesOf(conversation), { items, tokenizer, model, thinking });
    expect(officialIds(layout, model).inputIds).toEqual(expected);
  });
});

function turnsOf({ query, conversation }: PromptCase): readonly OfficialTurn[] {
  return conversation ?? [{ from: 'human', value: query ?? '' }];
}

/** The same conversation in our own terms: markers become parts, and the line break after one is what joins parts. */
function messagesOf(turns: readonly OfficialTurn[]): PromptMessage[] {
  let item = 0;
  return turns.map(({ from, value }): PromptMessage => {
    const role = from === 'human' ? 'user' : from === 'system' ? 'system' : 'assistant';
    if (role !== 'user') return { role, content: value };
    const chunks = value.split(/(<image>|<video>)/);
    const parts = chunks.flatMap((text, index): readonly PromptPart[] => {
      if (text === '<image>') return [{ type: 'image', item: item++ }];
      if (text === '<video>') return [{ type: 'video', item: item++ }];
      const own = index > 0 ? text.replace(/^\n/, '') : text;
      return own === '' ? [] : [{ type: 'text', text: own }];
    });
    return { role, content: parts };
  });
}
