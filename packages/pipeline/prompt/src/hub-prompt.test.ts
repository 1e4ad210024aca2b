import { PromptError } from '@ovis/core';
import { expect, test } from 'vitest';
import { describeModel, fixtureTokenizer, nativeItem } from '../test/fixture-model.ts';
import { buildHubPrompt, type HubMessage } from './hub-prompt.ts';

const context = { model: describeModel('2.5'), tokenizer: fixtureTokenizer('ovis2.5-tiny'), items: [] };

function textOf(messages: readonly HubMessage[], enableThinking = false): string {
  const { segments } = buildHubPrompt(messages, { ...context, enableThinking });
  return segments.map((each) => (each.kind === 'text' ? context.tokenizer.decode(each.ids) : '?')).join('');
}

test('deletes markers in texts and everything up to the last </think> of an answer', () => {
  const messages: HubMessage[] = [
    { role: 'user', content: 'a <image>b<video>' },
    { role: 'assistant', content: '<think>c</think>d</think>\n\n e' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'f<image>' },
        { type: 'text', text: 'g' },
      ],
    },
  ];
  expect(textOf(messages, true)).toBe('user\na b\nassistant\n e\nuser\nf\ng\nassistant\n');
});

test('an answer given as a list renders as nothing, as in the template', () => {
  const messages: HubMessage[] = [{ role: 'assistant', content: [{ type: 'text', text: 'lost' }] }];
  expect(textOf(messages)).toBe('assistant\n\nassistant\n<think>\n\n</think>\n\n');
});

test.each<[name: string, messages: readonly HubMessage[]]>([
  ['no messages', []],
  ['an unknown role', [{ role: 'tool', content: 'a' }]],
  ['an unknown part', [{ role: 'user', content: [{ type: 'audio' } as never] }]],
  ['a picture in an answer', [{ role: 'assistant', content: [{ type: 'image' }] }]],
  ['a picture without an item', [{ role: 'user', content: [{ type: 'image' }] }]],
  ['a picture and a video', [{ role: 'user', content: [{ type: 'image' }, { type: 'video' }] }]],
])('%s is a PromptError', (_, messages) => {
  expect(() => buildHubPrompt(messages, context)).toThrow(PromptError);
});

test('an item without a part is a PromptError', () => {
  const items = [nativeItem('image', 4)];
  expect(() => buildHubPrompt([{ role: 'user', content: 'a' }], { ...context, items })).toThrow(PromptError);
});
