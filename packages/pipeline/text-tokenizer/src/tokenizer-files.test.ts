import { TokenizerError } from '@ovis/core';
import { fixtureBytes } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { smallDefinition } from '../test/tokenizers.ts';
import { TextTokenizer } from './text-tokenizer.ts';

type Definition = ReturnType<typeof smallDefinition>;
const load = (tokenizerJson: unknown, tokenizerConfig: unknown = null): TextTokenizer =>
  TextTokenizer.fromFiles({ tokenizerJson, tokenizerConfig } as Parameters<typeof TextTokenizer.fromFiles>[0]);
const withModel = (
  change: (model: Record<string, unknown>, vocab: Record<string, unknown>) => Record<string, unknown>,
) => {
  const definition: Definition = smallDefinition();
  return {
    ...definition,
    model: { ...definition.model, ...change(definition.model, definition.model['vocab'] as Record<string, unknown>) },
  };
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('the definition that the cases below change loads', () => {
  const tokenizer = load(bytes(JSON.stringify(smallDefinition())));
  expect(tokenizer.encode('abcab')).toEqual([257, 256]);
});

describe('a tokenizer.json that cannot be used is a TokenizerError that names the place', () => {
  test.each<[name: string, file: unknown, message: RegExp]>([
    ['no file', undefined, /tokenizer\.json/],
    ['empty', new Uint8Array(0), /not JSON/],
    ['truncated', fixtureBytes('ovis2-tiny/tokenizer.json').subarray(0, 5000), /not JSON/],
    ['not UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), /not JSON in UTF-8/],
    ['a list', bytes('[]'), /Expected an object/],
    ['null', bytes('null'), /Expected an object/],
    [
      'a pointer instead of the file',
      bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n'),
      /not JSON/,
    ],
    ['no model', {}, /"model"/],
    ['another model type', withModel(() => ({ type: 'Unigram' })), /Unigram/],
    ['no vocabulary', withModel(() => ({ vocab: undefined })), /model\.vocab/],
    ['an empty vocabulary', withModel(() => ({ vocab: {} })), /0 entries/],
    ['a list for the vocabulary', withModel(() => ({ vocab: [['a', 0]] })), /model\.vocab/],
    ['an id that is text', withModel((_, vocab) => ({ vocab: { ...vocab, zz: '7' } })), /"zz".*"7"/],
    ['a negative id', withModel((_, vocab) => ({ vocab: { ...vocab, zz: -1 } })), /-1/],
    ['an absurd id', withModel((_, vocab) => ({ vocab: { ...vocab, zz: 2 ** 40 } })), /1099511627776/],
    ['one id twice', withModel((_, vocab) => ({ vocab: { ...vocab, zz: 3 } })), /id 3 to more than one/],
    [
      'a byte without a token',
      withModel((_, vocab) => ({ vocab: Object.fromEntries(Object.entries(vocab).filter(([key]) => key !== '!')) })),
      /1 of the 256 bytes/,
    ],
    ['no merges', withModel(() => ({ merges: undefined })), /model\.merges/],
    ['a merge of three', withModel(() => ({ merges: ['a b', 'a b c'] })), /merges\[1\]/],
    ['merges of two kinds', withModel(() => ({ merges: ['a b', ['ab', 'c']] })), /merges\[1\]/],
    ['a merge into nothing', withModel(() => ({ merges: ['a b', 'x y'] })), /merges\[1\].*"xy"/],
    ['an added token without an id', { ...smallDefinition(), added_tokens: [{ content: 'x' }] }, /added_tokens\[0\]/],
    ['an added token without text', { ...smallDefinition(), added_tokens: [{ id: 300, content: '' }] }, /content/],
    ['added tokens that are no list', { ...smallDefinition(), added_tokens: {} }, /added_tokens/],
    ['no decoder', { ...smallDefinition(), decoder: null }, /decoder/],
    ['an unknown decoder', { ...smallDefinition(), decoder: { type: 'WordPiece' } }, /decoder/],
    ['a decoder without its pre-tokenizer', { ...smallDefinition(), pre_tokenizer: null }, /give back/],
    ['a normalizer that loses text', { ...smallDefinition(), normalizer: { type: 'Lowercase' } }, /give back/],
    ['an unknown normalizer', { ...smallDefinition(), normalizer: { type: 'Nope' } }, /cannot be used/],
    ['an unknown pre-tokenizer', { ...smallDefinition(), pre_tokenizer: { type: 'Nope' } }, /cannot be used/],
    [
      'an invalid pattern',
      {
        ...smallDefinition(),
        pre_tokenizer: { type: 'Split', pattern: { Regex: '(' }, behavior: 'Isolated', invert: false },
      },
      /cannot be used/,
    ],
  ])('%s', (_, file, message) => {
    expect(() => load(file)).toThrow(TokenizerError);
    expect(() => load(file)).toThrow(message);
  });

  test('larger than the bound', () => {
    expect(() => load(new Uint8Array(64 * 1024 * 1024 + 1))).toThrow(/67108865 bytes/);
  });
});

test.each([bytes('{'), [], 'text', 7])(
  'a tokenizer_config.json that is no object is a TokenizerError (%#)',
  (config) => {
    expect(() => load(smallDefinition(), config)).toThrow(TokenizerError);
  },
);

test('names of the prototype are ordinary words', () => {
  const definition = smallDefinition();
  const vocab = JSON.parse(`{"__proto__": 300, ${JSON.stringify(definition.model['vocab']).slice(1)}`) as unknown;
  const tokenizer = load({ ...definition, model: { ...definition.model, vocab } });
  expect(tokenizer.decode(tokenizer.encode('__proto__ constructor'))).toBe('__proto__ constructor');
  expect(tokenizer.tokenIdOf('constructor')).toBeUndefined();
});
