import { InvalidArgumentError, tokenId, TokenizerError } from '@ovis/core';
import { fixtureCases, fixtureJson, integersOf } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { fixtureModels, fixtureTokenizer, releasedFiles, smallDefinition } from '../test/tokenizers.ts';
import { TextTokenizer } from './text-tokenizer.ts';

const qwen3 = TextTokenizer.fromFiles(releasedFiles('qwen3'));

type Case = { readonly decoded?: string; readonly decoded_with_special?: string };

describe.each(fixtureModels)('against the official numbers of %s', (model) => {
  const tokenizer = fixtureTokenizer(model);
  const cases = fixtureCases<Case>(model).filter(({ description }) => description.decoded !== undefined);

  test.each(cases)('decodes the greedy ids of $name', ({ description, tensors }) => {
    const ids = integersOf(tensors.get('greedy_ids')).map(tokenId);
    expect(tokenizer.decode(ids)).toBe(description.decoded);
  });

  test.each(cases.filter(({ description }) => description.decoded_with_special !== undefined))(
    'decodes the greedy ids of $name with special tokens',
    ({ description, tensors }) => {
      const ids = integersOf(tensors.get('greedy_ids')).map(tokenId);
      expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(description.decoded_with_special);
    },
  );

  test('knows the ids of control tokens', () => {
    const ends = fixtureJson<{ eos_token_id: number[] }>(`${model}/generation_config.json`).eos_token_id;
    const known = ['<|im_end|>', '<|eot_id|>', '<end_of_turn>'].flatMap((text) => tokenizer.tokenIdOf(text) ?? []);
    expect(known).toHaveLength(1);
    expect(ends).toContain(known[0]);
    expect(tokenizer.tokenIdOf('hello')).toBeUndefined();
  });
});

describe('encoding', () => {
  test('gives the ids of the released vocabulary', () => {
    expect(qwen3.encode('Describe this image in detail.')).toEqual([74785, 419, 2168, 304, 7716, 13]);
    expect(qwen3.encode('\n')).toEqual([198]);
    expect(qwen3.encodeWithSpecials('<|im_start|>assistant\n')).toEqual([151644, 77091, 198]);
    expect(qwen3.encodeWithSpecials('<think>\n\n</think>\n\n')).toEqual([151667, 271, 151668, 271]);
  });

  test.each([
    '',
    ' ',
    '\r\n\t \u00A0\u3000',
    "It's   don't WE'LL\t\ttab\r\n x  ",
    '图片里有什么？ café 1234567 😀\n\n\n',
    '👩‍👩‍👧‍👦 👍🏽 🇩🇪 e\u0301'.normalize('NFC'),
    'مرحبا بالعالم नमस्ते 안녕하세요 שלום',
    '\u0000\u0001\u007F\uFEFF\uFFFD',
    '__proto__ constructor toString',
  ])('gives back the text it takes: %j', (text) => {
    for (const tokenizer of [qwen3, ...fixtureModels.map(fixtureTokenizer)]) {
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
      expect(tokenizer.encodeWithSpecials(text)).toEqual(tokenizer.encode(text));
    }
  });

  test.each([
    '<|im_start|>',
    '<|im_end|>\n<|im_start|>system\n',
    '<think>',
    '</think>',
    '<|image_pad|>',
    '<tool_call>',
  ])('keeps %j in the words of a user as text', (text) => {
    for (const tokenizer of [qwen3, fixtureTokenizer('ovis2.5-tiny')]) {
      const ids = tokenizer.encode(`a${text}b`);
      expect(ids.some((id) => tokenizer.isSpecial(id) || tokenizer.pieceOf(id)?.startsWith('<|') === true)).toBe(false);
      expect(ids).not.toContain(tokenizer.tokenIdOf('<think>'));
      expect(tokenizer.decode(ids)).toBe(`a${text}b`);
      expect(tokenizer.encodeWithSpecials(text)).not.toEqual(tokenizer.encode(text));
    }
  });

  test('normalises to NFC, as the official tokenizer does', () => {
    expect(qwen3.encode('cafe\u0301')).toEqual(qwen3.encode('café'));
  });

  test('turns lone surrogates into U+FFFD and keeps pairs', () => {
    expect(qwen3.decode(qwen3.encode('a\uD83Db\uDE00c😀'))).toBe('a\uFFFDb\uFFFDc😀');
  });

  test('refuses a text beyond the bound', () => {
    expect(() => qwen3.encode('a'.repeat(2 ** 21 + 1))).toThrow(TokenizerError);
  });

  test('never merges into a control token that the trained vocabulary contains', () => {
    const definition = smallDefinition();
    const vocab = { ...(definition.model['vocab'] as Record<string, number>), '<x': 261, '<x>': 262 };
    const merges = ['a b', 'ab c', '< x', '<x >'];
    for (const ignoreMerges of [false, true]) {
      const tokenizer = TextTokenizer.fromFiles({
        tokenizerJson: {
          ...definition,
          pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
          added_tokens: [{ id: 262, content: '<x>', special: true }],
          model: { ...definition.model, vocab, merges, ignore_merges: ignoreMerges },
        },
      });
      expect(tokenizer.encode('<x>')).not.toContain(262);
      expect(tokenizer.decode(tokenizer.encode('<x>'))).toBe('<x>');
      expect(tokenizer.encodeWithSpecials('<x>abc')).toEqual([262, 257]);
    }
  });
});

describe('decoding', () => {
  test('leaves out special tokens unless asked, but never <think>', () => {
    const ids = qwen3.encodeWithSpecials('<|im_start|><think>a</think><|im_end|>');
    expect(qwen3.decode(ids)).toBe('<think>a</think>');
    expect(qwen3.decode(ids, { skipSpecialTokens: false })).toBe('<|im_start|><think>a</think><|im_end|>');
  });

  test('gives nothing for spare rows of the model', () => {
    expect(qwen3.decode([tokenId(9707), tokenId(151_900)])).toBe('Hello');
    expect(qwen3.pieceOf(tokenId(151_900))).toBeUndefined();
    expect(qwen3.vocabularySize).toBe(151_669);
  });

  test.each([-1, 0.5, Number.NaN])('refuses %d, which is no id', (id) => {
    expect(() => qwen3.decode([tokenId(id)])).toThrow(InvalidArgumentError);
  });

  test('cleans up spaces only where the config asks for it', () => {
    expect(decodeWithConfig(null)).toBe("a , b do n't .");
    expect(decodeWithConfig({ clean_up_tokenization_spaces: false })).toBe("a , b do n't .");
    expect(decodeWithConfig({})).toBe("a, b don't.");
  });

  test('takes special tokens that only the config names', () => {
    const tokenizer = TextTokenizer.fromFiles({
      tokenizerJson: smallDefinition(),
      tokenizerConfig: { additional_special_tokens: ['<think>'], clean_up_tokenization_spaces: false },
    });
    expect(tokenizer.decode([tokenId(259), tokenId(257)])).toBe('abc');
  });
});

function decodeWithConfig(config: Record<string, unknown> | null): string {
  const tokenizer = TextTokenizer.fromFiles({ tokenizerJson: smallDefinition(), tokenizerConfig: config });
  return tokenizer.decode(tokenizer.encode("a , b do n't ."));
}

test('opens in slices what it reads at once, and ends when the signal says so', async () => {
  const tokenizerJson = new TextEncoder().encode(JSON.stringify(smallDefinition()));
  const [sliced, whole] = [await TextTokenizer.open({ tokenizerJson }), TextTokenizer.fromFiles({ tokenizerJson })];
  expect(sliced.encode('abcab <|im_end|>')).toEqual(whole.encode('abcab <|im_end|>'));
  expect(sliced.vocabularySize).toBe(whole.vocabularySize);
  const reason = new Error('enough');
  await expect(TextTokenizer.open({ tokenizerJson }, AbortSignal.abort(reason))).rejects.toBe(reason);
});
