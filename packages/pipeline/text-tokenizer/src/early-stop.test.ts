import { TokenizerError } from '@ovis/core';
import { fixtureCases, fixtureJson } from '@ovis/testing';
import { expect, test } from 'vitest';
import { fixtureTokenizer, releasedFiles } from '../test/tokenizers.ts';
import { EARLY_STOP_TEXT, earlyStopTokens } from './early-stop.ts';
import { TextTokenizer } from './text-tokenizer.ts';

type Table = {
  readonly families: { readonly qwen3: readonly { readonly text?: string; readonly ids: readonly number[] }[] };
};
type Chat = {
  readonly calls?: readonly { readonly input_ids: readonly number[]; readonly output_ids: readonly number[] }[];
};

test('gives the 24 ids of the released vocabulary', () => {
  const row = fixtureJson<Table>('tables/prompt-ids-real-vocabulary.json').families.qwen3.find(
    ({ text }) => text !== undefined,
  );
  expect(EARLY_STOP_TEXT).toBe(row?.text);
  expect(earlyStopTokens(TextTokenizer.fromFiles(releasedFiles('qwen3')))).toEqual(row?.ids);
});

test('gives what the official chat() inserts between its two calls', () => {
  const chat = fixtureCases<Chat>('ovis2.5-tiny').find(({ name }) => name === 'chat-thinking-budget');
  const [first, second] = chat?.description.calls ?? [];
  if (first === undefined || second === undefined) throw new Error('two calls');
  const inserted = second.input_ids.slice(first.input_ids.length + first.output_ids.length);
  expect(earlyStopTokens(fixtureTokenizer('ovis2.5-tiny'))).toEqual(inserted);
});

test('a vocabulary without </think> has no early stop', () => {
  expect(() => earlyStopTokens(fixtureTokenizer('ovis2-tiny'))).toThrow(TokenizerError);
});
