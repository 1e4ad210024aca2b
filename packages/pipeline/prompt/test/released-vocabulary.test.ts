import { fixtureJson } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { buildOfficialPrompt, type OfficialTurn } from '../src/index.ts';
import { describeModel, nativeItem, releasedTokenizer, tiledImage } from './fixture-model.ts';

type Row = {
  readonly query?: string;
  readonly conversation?: readonly OfficialTurn[];
  readonly generation_preface?: string;
  readonly prompt: string;
  readonly ids: readonly number[];
};
type Table = { readonly families: Readonly<Record<'qwen2_5' | 'qwen3', readonly Row[]>> };

const { families } = fixtureJson<Table>('tables/prompt-ids-real-vocabulary.json');

describe.each([
  { family: 'qwen2_5', generation: '2' },
  { family: 'qwen3', generation: '2.5' },
] as const)('official ids with the released vocabulary of $family', ({ family, generation }) => {
  const tokenizer = releasedTokenizer(family);
  const model = describeModel(generation);
  const rows = families[family].filter(({ prompt }) => prompt !== undefined);

  test.each(rows)('$prompt', ({ query, conversation, generation_preface: preface, ids }) => {
    const images = ids
      .filter((id) => id === -200)
      .map(() => (generation === '2' ? tiledImage(1, 1) : nativeItem('image', 4)));
    const videos = ids.filter((id) => id === -201).map(() => nativeItem('video', 4));
    const prompt = buildOfficialPrompt(conversation ?? [{ from: 'human', value: query ?? '' }], {
      items: [...images, ...videos],
      tokenizer,
      model,
      generationPreface: preface ?? '',
    });
    expect(prompt.promptIds).toEqual(ids);
  });
});
