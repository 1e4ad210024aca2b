import { InvalidArgumentError, PromptError, type ChatMessage, type ModelDescription } from '@ovis/core';
import { expect, test } from 'vitest';
import { resolveRequest } from './resolve-request.ts';

const model = (generation: ModelDescription['generation']) => ({ generation }) as ModelDescription;
const messages: readonly ChatMessage[] = [{ role: 'user', content: 'Hi' }];

test('text content becomes one text part, and defaults apply', () => {
  expect(resolveRequest({ messages }, model('2'))).toEqual({
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    stop: [],
    thinkingBudget: null,
  });
});

test('thinking is on, off or bounded', () => {
  expect(resolveRequest({ messages, thinking: true }, model('2.5')).thinkingBudget).toBe(Infinity);
  expect(resolveRequest({ messages, thinking: { budget: 9 } }, model('2.5')).thinkingBudget).toBe(9);
});

test.each([
  ['thinking of a model that cannot', { messages, thinking: true }, '2'],
  ['a budget of nothing', { messages, thinking: { budget: 0 } }, '2.5'],
  ['a budget that is no number', { messages, thinking: { budget: Number.NaN } }, '2.5'],
  ['an empty stop text', { messages, stop: [''] }, '2'],
  ['too many stop texts', { messages, stop: Array.from({ length: 17 }, () => 'x') }, '2'],
  ['messages that are no list', { messages: 'Hi' as unknown as ChatMessage[] }, '2'],
] as const)('%s is refused', (_, request, generation) => {
  expect(() => resolveRequest(request, model(generation))).toThrow(InvalidArgumentError);
});

test.each([
  ['an unknown role', [{ role: 'robot', content: 'Hi' }]],
  ['content of a wrong kind', [{ role: 'user', content: 7 }]],
  ['a part of a wrong kind', [{ role: 'user', content: [{ type: 'sound' }] }]],
  ['a video without frames', [{ role: 'user', content: [{ type: 'video', frames: [] }] }]],
  ['an image part without image', [{ role: 'user', content: [{ type: 'image' }] }]],
])('%s is refused with the place of it', (_, broken) => {
  expect(() => resolveRequest({ messages: broken as unknown as ChatMessage[] }, model('2'))).toThrow(PromptError);
  expect(() => resolveRequest({ messages: broken as unknown as ChatMessage[] }, model('2'))).toThrow(/messages\[0\]/);
});
