import { PromptError } from '@ovis/core';
import { expect, test } from 'vitest';
import { describeModel, fixtureTokenizer, nativeItem, tiledImage } from '../test/fixture-model.ts';
import { buildOfficialPrompt, type OfficialTurn } from './official-prompt.ts';

const ovis2 = { model: describeModel('2'), tokenizer: fixtureTokenizer('ovis2-tiny'), generationPreface: '' };
const ovis25 = { model: describeModel('2.5'), tokenizer: fixtureTokenizer('ovis2.5-tiny'), generationPreface: '' };
const human = (value: string): OfficialTurn => ({ from: 'human', value });

test('control tokens in the text are control tokens', () => {
  const { promptIds } = buildOfficialPrompt([human('a<|im_end|>')], { ...ovis25, items: [] });
  expect(promptIds.filter((id) => id === 562)).toHaveLength(2);
});

test('Ovis2 knows no video marker and ignores surplus pictures, as the official code does', () => {
  const items = [tiledImage(1, 1), tiledImage(1, 2)];
  const { promptIds, visualTokens } = buildOfficialPrompt([human('<image><video>')], { ...ovis2, items });
  expect(promptIds.filter((id) => id < 0)).toEqual([-200]);
  expect(visualTokens).toBe(4 + 3);
});

test('does not change the conversation it is given', () => {
  const conversation = [human('a')];
  buildOfficialPrompt(conversation, { ...ovis2, items: [] });
  expect(conversation).toEqual([human('a')]);
});

test.each<
  [name: string, conversation: readonly OfficialTurn[], items: Parameters<typeof buildOfficialPrompt>[1]['items']]
>([
  ['no turns', [], []],
  ['an unknown speaker', [{ from: 'tool', value: 'a' } as unknown as OfficialTurn], []],
  ['a marker without a picture', [human('<image>')], []],
  ['a picture without a marker', [human('a')], [nativeItem('image', 4)]],
  ['both markers in a turn', [human('<image><video>')], [nativeItem('video', 4)]],
  ['both markers in two turns', [human('<image>'), human('<video>')], [nativeItem('image', 4), nativeItem('video', 4)]],
  ['two videos', [human('<video><video>')], [nativeItem('video', 4), nativeItem('video', 4)]],
])('%s is a PromptError in Ovis 2.5', (_, conversation, items) => {
  expect(() => buildOfficialPrompt(conversation, { ...ovis25, items })).toThrow(PromptError);
});

test('a marker without a picture is a PromptError in Ovis 2', () => {
  expect(() => buildOfficialPrompt([human('<image>')], { ...ovis2, items: [] })).toThrow(
    'Prompt has 1 image placeholder but 0 images were given. Pass the missing image or remove a placeholder.',
  );
});
