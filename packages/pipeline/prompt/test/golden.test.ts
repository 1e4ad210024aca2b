import { generationTraits, type ModelDescription, type VisualItem } from '@ovis/core';
import { fixtureCases, integersOf, type FixtureCase } from '@ovis/testing';
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
  fixtureModels,
  fixtureTokenizer,
  nativeItem,
  singleImage,
  tiledImage,
  type PromptCase,
} from './fixture-model.ts';
import { messagesOf } from './messages-of.ts';

describe.each(fixtureModels)('prompts of %s', (name) => {
  const model = fixtureModel(name);
  const tokenizer = fixtureTokenizer(name);
  const cases = fixtureCases<PromptCase>(name);
  const conversations = cases.filter(
    ({ tensors, description }) =>
      tensors.has('prompt_ids') && description.prompt !== undefined && description.generation_preface !== null,
  );

  test.each(conversations)('$name: the official ids', ({ description, tensors }) => {
    const prompt = buildOfficialPrompt(turnsOf(description), {
      items: caseItems(name, description),
      tokenizer,
      model,
      generationPreface: description.generation_preface ?? '',
    });
    expect(prompt.promptIds).toEqual(integersOf(tensors.get('prompt_ids')));
    expect(prompt.inputIds).toEqual(inputIds(tensors));
    expect(prompt.length).toBe(description.sequence_length);
    expect(prompt.textTokens + prompt.visualTokens).toBe(prompt.length);
  });

  test.each(conversations)('$name: the same ids from messages with parts', ({ description, tensors }) => {
    const { pictureSeparator } = generationTraits[model.generation];
    const layout = buildPrompt(messagesOf(turnsOf(description), pictureSeparator) ?? [], {
      items: caseItems(name, description),
      tokenizer,
      model,
      thinking: description.enable_thinking ?? false,
    });
    expect(officialIds(layout, model)).toEqual({
      promptIds: integersOf(tensors.get('prompt_ids')),
      inputIds: inputIds(tensors),
    });
    expect(layout.length).toBe(description.sequence_length);
  });

  test.each(cases.filter((each) => each.name === 'training-labels'))(
    '$name: the ids without a generation preface',
    ({ description, tensors }) => {
      const expected = inputIds(tensors);
      const prompt = buildOfficialPrompt(turnsOf(description), {
        items: trainingItems(model, expected),
        tokenizer,
        model,
        generationPreface: null,
      });
      expect(prompt.inputIds).toEqual(expected);
    },
  );
});

/** Generations before 1.6 keep their markers until the embeddings are merged. */
function inputIds(tensors: FixtureCase<unknown>['tensors']): number[] {
  return integersOf(tensors.get('input_ids') ?? tensors.get('prompt_ids'));
}

/** The pictures of a training example, whose grid only its ids tell. */
function trainingItems({ generation }: ModelDescription, ids: readonly number[]): VisualItem[] {
  const count = (wanted: number): number => ids.filter((id) => id === wanted).length;
  const rows = count(-304) + 1;
  switch (generationTraits[generation].views) {
    case 'single':
      return [singleImage()];
    case 'tiles':
      return [tiledImage(rows, count(-303) / rows + 1)];
    case 'native':
      return [nativeItem('image', count(-300))];
  }
}

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
        : caseItems('ovis2.5-tiny', description);
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
          : caseItems('ovis2.5-tiny', description);
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

describe.each(['ovis2.5-tiny', 'ovis2.6-moe-tiny', 'ovis2.6-next-tiny'] as const)(
  'calls of chat() of %s',
  (fixture) => {
    const model = fixtureModel(fixture);
    const tokenizer = fixtureTokenizer(fixture);
    const cases = fixtureCases<ChatCase>(fixture).filter(({ description }) => description.calls !== undefined);
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
      const items = runLengths(expected, -300).map((tokens) => nativeItem('image', tokens));
      const prompt = buildOfficialPrompt(conversation, {
        items,
        tokenizer,
        model,
        generationPreface: thinking ? '' : '<think>\n\n</think>\n\n',
      });
      expect(prompt.inputIds).toEqual(expected);
      const layout = buildPrompt(messagesOf(conversation, '\n') ?? [], { items, tokenizer, model, thinking });
      expect(officialIds(layout, model).inputIds).toEqual(expected);
    });
  },
);

function turnsOf({ query, conversation }: PromptCase): readonly OfficialTurn[] {
  return conversation ?? [{ from: 'human', value: query ?? '' }];
}

/** Lengths of the runs of one value. */
function runLengths(values: readonly number[], wanted: number): number[] {
  const lengths: number[] = [];
  for (const [index, value] of values.entries()) {
    if (value !== wanted) continue;
    if (values[index - 1] === wanted) lengths.push((lengths.pop() ?? 0) + 1);
    else lengths.push(1);
  }
  return lengths;
}
