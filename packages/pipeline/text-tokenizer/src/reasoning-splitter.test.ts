import { describe, expect, test } from 'vitest';
import { fixtureCases, integersOf } from '@ovis/testing';
import { tokenId, type TokenId } from '@ovis/core';
import { fixtureTokenizer, smallDefinition } from '../test/tokenizers.ts';
import { ReasoningSplitter, type ReasoningDelta } from './reasoning-splitter.ts';
import { splitReasoning } from './split-reasoning.ts';
import { TextTokenizer } from './text-tokenizer.ts';

const tokenizer = TextTokenizer.fromFiles({ tokenizerJson: smallDefinition() });
const ids = (text: string): TokenId[] => tokenizer.encodeWithSpecials(text);

function streamed(text: string, thinking: boolean): { reasoning: string; text: string } {
  const splitter = new ReasoningSplitter(tokenizer, { thinking });
  const deltas = [...ids(text).flatMap((id) => splitter.push(id)), ...splitter.flush()];
  const joined = (type: ReasoningDelta['type']): string =>
    deltas
      .filter((delta) => delta.type === type)
      .map((delta) => delta.text)
      .join('');
  expect(deltas.every((delta) => delta.text !== '')).toBe(true);
  return { reasoning: joined('reasoning-delta'), text: joined('text-delta') };
}

describe('with thinking', () => {
  test.each([
    ['<think>\nLook.\n\nTwo of them.\n</think>\n\nThere are two.', 'Look.\n\nTwo of them.', 'There are two.'],
    ['<think>\n\n</think>\n\nTwo.', '', 'Two.'],
    ['  a </think> b', 'a', ' b'],
    ['</think>Two.', '', 'Two.'],
    ['<think>never ends \n', 'never ends', ''],
    ['<think>a</think>b</think>\n c <think>', 'a', 'b</think>\n c <think>'],
    ['a<think>b</think>c', 'a<think>b', 'c'],
    ['', '', ''],
  ])('splits %j', (answer, reasoning, text) => {
    expect(streamed(answer, true)).toEqual({ reasoning, text });
    expect(splitReasoning(tokenizer, ids(answer), { thinking: true })).toMatchObject({ reasoning, text });
  });

  test('the tags as spelled-out text are no tags', () => {
    const splitter = new ReasoningSplitter(tokenizer, { thinking: true });
    const deltas = [...tokenizer.encode('a</think>b').flatMap((id) => splitter.push(id)), ...splitter.flush()];
    expect(deltas.map(({ type }) => type)).not.toContain('text-delta');
  });

  test('an incomplete character before the end tag is not lost', () => {
    const [first] = tokenizer.encode('é');
    const end = tokenizer.tokenIdOf('</think>');
    if (first === undefined || end === undefined) throw new Error('tokens');
    const answer = [...ids('a'), first, end, ...ids('b')];
    expect(splitReasoning(tokenizer, answer, { thinking: true })).toMatchObject({ reasoning: 'a\uFFFD', text: 'b' });
  });
});

test('without thinking everything is text, exactly', () => {
  for (const answer of [' Two. \n', '<think>a</think>\n\nb']) {
    expect(streamed(answer, false)).toEqual({ reasoning: '', text: answer });
  }
});

test('a model without </think> does not think', () => {
  const qwen2 = fixtureTokenizer('ovis2-tiny');
  expect(splitReasoning(qwen2, qwen2.encode(' hello'), { thinking: true })).toMatchObject({
    reasoning: '',
    text: ' hello',
  });
});

type ChatCase = { readonly response?: string; readonly thinking?: string; readonly enable_thinking?: boolean };

test('splits as chat() of the official code', () => {
  const model = fixtureTokenizer('ovis2.5-tiny');
  const chat = fixtureCases<ChatCase>('ovis2.5-tiny').find(({ name }) => name === 'chat-thinking-budget');
  const answer = integersOf(chat?.tensors.get('generated_ids')).map(tokenId);
  const { official, reasoning, text } = splitReasoning(model, answer, { thinking: true });
  expect(official).toEqual({ thinking: chat?.description.thinking, response: chat?.description.response });
  expect(`${reasoning}\n</think>`).toBe(official.thinking);
  expect(text.trim()).toBe(official.response);
});

test('the official response of an answer without </think> is all of it, stripped like Python', () => {
  expect(splitReasoning(tokenizer, ids('\u001C a \u0085'), { thinking: true }).official).toEqual({
    thinking: '',
    response: 'a',
  });
  expect(splitReasoning(tokenizer, ids('\uFEFFa\u3000'), { thinking: false }).official.response).toBe('\uFEFFa');
});
