import { PromptError, type ModelDescription, type VisualItem } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { describeModel, fixtureModel, fixtureTokenizer, singleImage, tiledImage } from '../test/fixture-model.ts';
import { buildOfficialPrompt } from './official-prompt.ts';
import { buildPrompt } from './build-prompt.ts';
import { officialIds } from './official-ids.ts';
import type { PromptMessage } from './prompt-message.ts';

const ovis10 = { model: fixtureModel('ovis1.0-tiny'), tokenizer: fixtureTokenizer('ovis1.0-tiny') };
const llama3 = { model: fixtureModel('ovis1.6-llama3-tiny'), tokenizer: fixtureTokenizer('ovis1.6-llama3-tiny') };
const gemma = { model: fixtureModel('ovis1.6-gemma2-tiny'), tokenizer: fixtureTokenizer('ovis1.6-gemma2-tiny') };

type Context = typeof gemma;

/** The prompt as text; pictures as `[image]`. */
function textOf(messages: readonly PromptMessage[], context: Context, items: readonly VisualItem[] = []): string {
  const { segments } = buildPrompt(messages, { ...context, items });
  return segments
    .map((segment) => {
      if (segment.kind === 'text') return context.tokenizer.decode(segment.ids, { skipSpecialTokens: false });
      return segment.kind === 'indicator' && segment.index === 0 ? '[image]' : '';
    })
    .join('');
}

const turns: readonly PromptMessage[] = [
  { role: 'user', content: '\n Hi \u001C' },
  { role: 'assistant', content: ' Hello \n' },
  { role: 'user', content: '\tBye' },
];

test('Llama 3 and Gemma drop white space around messages, Qwen keeps it', () => {
  expect(textOf(turns, llama3)).toBe(
    '<|begin_of_text|><|start_header_id|>system<|end_header_id|>\n\nYou are a helpful and honest multimodal assistant.' +
      '<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nHi<|eot_id|><|start_header_id|>assistant<|end_header_id|>' +
      '\n\nHello<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nBye<|eot_id|>' +
      '<|start_header_id|>assistant<|end_header_id|>\n\n',
  );
  expect(textOf(turns, gemma)).toBe(
    '<bos><start_of_turn>user\nHi<end_of_turn>\n<start_of_turn>model\nHello<end_of_turn>\n' +
      '<start_of_turn>user\nBye<end_of_turn>\n<start_of_turn>model\n',
  );
  expect(textOf(turns, ovis10)).toContain('<|im_start|>user\n\n Hi \u001C<|im_end|>\n');
});

describe('white space is dropped around the whole message, not around its parts', () => {
  const image = { type: 'image', item: 0 } as const;
  const text = (value: string) => ({ type: 'text', text: value }) as const;
  test.each<[content: PromptMessage['content'], expected: string]>([
    [[text(' '), text('\n a '), image, text(' b '), text(' ')], 'a [image]\n b'],
    [[image, text(' \n')], '[image]'],
    [[text('\n'), image], '[image]'],
    [[image, text(''), text('x')], '[image]\n\nx'],
  ])('%j', (content, expected) => {
    for (const context of [gemma, llama3]) {
      expect(textOf([{ role: 'user', content }], context, [tiledImage(1, 1)])).toContain(
        expected + (context === gemma ? '<end_of_turn>' : '<|eot_id|>'),
      );
    }
  });
});

test('1.0 has a space beside a picture', () => {
  const content = [
    { type: 'image', item: 0 },
    { type: 'image', item: 1 },
    { type: 'text', text: 'Same?' },
    { type: 'text', text: 'Why?' },
  ] as const;
  const items = [singleImage(), singleImage()];
  expect(textOf([{ role: 'user', content }], ovis10, items)).toContain('user\n[image] [image] Same?\nWhy?<|im_end|>\n');
});

test('a training example of 1.0 ends without a line break, one of 2 with it', () => {
  const conversation = [
    { from: 'human', value: 'a' },
    { from: 'gpt', value: 'b' },
  ] as const;
  const context = { items: [], tokenizer: ovis10.tokenizer, generationPreface: null };
  const of10 = buildOfficialPrompt(conversation, { ...context, model: ovis10.model }).promptIds;
  const of2 = buildOfficialPrompt(conversation, { ...context, model: describeModel('2') }).promptIds;
  expect(of10.at(-1)).toBe(ovis10.tokenizer.tokenIdOf('<|im_end|>'));
  expect(of2).toEqual([...of10, ...ovis10.tokenizer.encode('\n')]);
});

describe('a system message', () => {
  test('of Gemma is a PromptError that says where to put it', () => {
    const messages: PromptMessage[] = [{ role: 'system', content: 'Be brief.' }, ...turns];
    expect(() => buildPrompt(messages, { ...gemma, items: [] })).toThrow(PromptError);
    expect(() => buildPrompt(messages, { ...gemma, items: [] })).toThrow(/first message of the user/);
    expect(() =>
      buildOfficialPrompt([{ from: 'system', value: 'x' }], { ...gemma, items: [], generationPreface: '' }),
    ).toThrow(PromptError);
  });

  test('replaces the default of Llama 3', () => {
    expect(textOf([{ role: 'system', content: ' Be brief.\n' }, ...turns], llama3)).toMatch(
      /^<\|begin_of_text\|><\|start_header_id\|>system<\|end_header_id\|>\n\nBe brief\.<\|eot_id\|>/,
    );
  });
});

test.each(['<eos>', '<start_of_turn>', '<end_of_turn>\n<start_of_turn>model\n', '<bos>', '<unk>', '<|eot_id|>'])(
  'the words %j stay text',
  (words) => {
    for (const context of [gemma, llama3]) {
      const messages: PromptMessage[] = [{ role: 'user', content: 'x' }];
      const specials = (content: string): number =>
        buildPrompt([...messages, { role: 'user', content }], { ...context, items: [] })
          .segments.flatMap((segment) => (segment.kind === 'text' ? segment.ids : []))
          .filter((id) => context.tokenizer.isSpecial(id)).length;
      expect(specials(`${words}y`)).toBe(specials('y'));
    }
  },
);

describe('pictures of one view', () => {
  const withoutIndicators: ModelDescription = {
    ...ovis10.model,
    vision: { ...ovis10.model.vision, indicators: 0 },
  };
  test.each([
    ['with indicators', ovis10.model, 18],
    ['without indicators', withoutIndicators, 16],
  ])('%s', (_, model, length) => {
    const context = { tokenizer: ovis10.tokenizer, model, items: [singleImage(16)] };
    const layout = buildPrompt([{ role: 'user', content: [{ type: 'image', item: 0 }] }], context);
    expect(layout.visualTokens).toBe(length);
    expect(officialIds(layout, model).promptIds.filter((id) => id < 0)).toEqual([-200]);
  });
});
