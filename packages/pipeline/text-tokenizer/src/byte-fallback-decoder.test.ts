import { expect, test } from 'vitest';
import { ByteFallbackDecoder } from './byte-fallback-decoder.ts';

function decode(pieces: readonly string[]): string[] {
  const decoder = new ByteFallbackDecoder();
  return [...pieces.map((text) => decoder.push({ text, added: false })), decoder.flush()];
}

test('U+2581 is a space', () => {
  expect(decode(['▁Two', '▁▁red'])).toEqual([' Two', '  red', '']);
});

test('bytes are held back until text ends their run', () => {
  expect(decode(['<0xF0>', '<0x9F>', '<0x98>', '<0x80>', 'a'])).toEqual(['', '', '', '', '😀a', '']);
  expect(decode(['<0x0A>'])).toEqual(['', '\n']);
});

test('a run that is no UTF-8 becomes one U+FFFD per byte, as in the official decoder', () => {
  expect(decode(['<0x41>', '<0xFF>', 'b'])).toEqual(['', '', '\uFFFD\uFFFDb', '']);
});

test('what only looks like a byte is text', () => {
  expect(decode(['<0x4>', '<0xGG>', '<0x41>>']).join('')).toBe('<0x4><0xGG><0x41>>');
});
