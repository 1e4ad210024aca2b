import { generationTraits } from '@ovis/core';
import { fixtureJson } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { buildOfficialPrompt, buildPrompt, officialIds, type OfficialTurn } from '../src/index.ts';
import { describeModel, nativeItem, releasedTokenizer, singleImage, tiledImage } from './fixture-model.ts';
import { messagesOf } from './messages-of.ts';

type Row = {
  readonly query?: string;
  readonly conversation?: readonly OfficialTurn[];
  readonly generation_preface?: string;
  readonly prompt?: string;
  readonly ids: readonly number[];
};
type Family = 'qwen2_5' | 'qwen3' | 'llama3_2' | 'gemma2';
type Table = { readonly families: Readonly<Record<Family, readonly Row[]>> };

const { families } = fixtureJson<Table>('tables/prompt-ids-real-vocabulary.json');

test('the table knows these vocabularies', () => {
  expect(Object.keys(families).toSorted()).toEqual(['gemma2', 'llama3_2', 'qwen2_5', 'qwen3']);
});

describe.each([
  { family: 'qwen2_5', promptFormat: 'qwen', generations: ['1.0', '2'] },
  { family: 'qwen3', promptFormat: 'qwen3', generations: ['2.5', '2.6', '2.6-next'] },
  { family: 'llama3_2', promptFormat: 'llama3', generations: ['1.0', '1.5', '1.6'] },
  { family: 'gemma2', promptFormat: 'gemma', generations: ['1.5', '1.6'] },
] as const)('ids with the released vocabulary of $family', ({ family, promptFormat, generations }) => {
  const tokenizer = releasedTokenizer(family);
  const rows = families[family].filter(({ prompt }) => prompt !== undefined && prompt !== null);

  describe.each(generations)('in generation %s', (generation) => {
    const model = describeModel(generation, { promptFormat });
    const { views, pictureSeparator } = generationTraits[generation];

    test.each(rows)('$prompt', ({ query, conversation, generation_preface: preface, ids }) => {
      const images = ids
        .filter((id) => id === -200)
        .map(() =>
          views === 'native' ? nativeItem('image', 4) : views === 'single' ? singleImage() : tiledImage(1, 1),
        );
      const videos = ids.filter((id) => id === -201).map(() => nativeItem('video', 4));
      const turns = conversation ?? [{ from: 'human', value: query ?? '' }];
      const context = { items: [...images, ...videos], tokenizer, model };
      expect(buildOfficialPrompt(turns, { ...context, generationPreface: preface ?? '' }).promptIds).toEqual(ids);
      const messages = messagesOf(turns, pictureSeparator);
      if (messages === null) return;
      const layout = buildPrompt(messages, { ...context, thinking: views === 'native' && preface === '' });
      expect(officialIds(layout, model).promptIds).toEqual(ids);
    });
  });

  test.each(families[family].filter(({ prompt }) => prompt === undefined || prompt === null))(
    'text $text',
    (row: Row & { readonly text?: string }) => {
      expect(tokenizer.encodeWithSpecials(row.text ?? '')).toEqual(row.ids);
    },
  );
});
