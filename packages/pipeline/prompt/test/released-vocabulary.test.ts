import { gunzipSync } from 'node:zlib';
import { generationTraits } from '@ovis/core';
import { fixtureBytes, fixtureJson } from '@ovis/testing';
import type { TextTokenizer } from '@ovis/text-tokenizer';
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
const { strings } = JSON.parse(gunzipSync(fixtureBytes('tokenizers/corpus.json.gz')).toString('utf8')) as {
  readonly strings: readonly string[];
};

/** Every sixth of the hard strings, without those in which the official code reads tokens or pictures. */
function plainStrings(tokenizer: TextTokenizer): string[] {
  return strings.filter(
    (text, index) =>
      index % 6 === 0 &&
      !/<(?:image|video)>/u.test(text) &&
      tokenizer.encode(text).join(' ') === tokenizer.encodeWithSpecials(text).join(' '),
  );
}

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

  test('hard strings give the same ids from messages with parts', () => {
    const model = describeModel(generations[0], { promptFormat });
    const { views, pictureSeparator } = generationTraits[generations[0]];
    const items = [views === 'native' ? nativeItem('image', 4) : views === 'single' ? singleImage() : tiledImage(2, 1)];
    const context = { items, tokenizer, model };
    const texts = plainStrings(tokenizer);
    expect(texts.length).toBeGreaterThan(300);
    const differing = texts.filter((text) => {
      const layout = buildPrompt(
        [
          {
            role: 'user',
            content: [
              { type: 'image', item: 0 },
              { type: 'text', text },
            ],
          },
          { role: 'assistant', content: text },
          { role: 'user', content: `${text}?` },
        ],
        context,
      );
      const official = buildOfficialPrompt(
        [
          { from: 'human', value: `<image>${pictureSeparator}${text}` },
          { from: 'gpt', value: text },
          { from: 'human', value: `${text}?` },
        ],
        { ...context, generationPreface: views === 'native' ? '<think>\n\n</think>\n\n' : '' },
      );
      return officialIds(layout, model).inputIds.join(' ') !== official.inputIds.join(' ');
    });
    expect(differing).toEqual([]);
  });

  test.each(families[family].filter(({ prompt }) => prompt === undefined || prompt === null))(
    'text $text',
    (row: Row & { readonly text?: string }) => {
      expect(tokenizer.encodeWithSpecials(row.text ?? '')).toEqual(row.ids);
    },
  );
});
