import { expect, test } from 'vitest';
import { pythonStrip } from './python-strip.ts';

test('takes what Python calls white space, and nothing else', () => {
  expect(pythonStrip('\u001C\u0085\u3000\u2028 a b\t\n\u00A0')).toBe('a b');
  expect(pythonStrip('\uFEFFa\u200B')).toBe('\uFEFFa\u200B');
  expect(pythonStrip(' \n')).toBe('');
});

test('can be limited to one end', () => {
  expect(pythonStrip(' a ', 'start')).toBe('a ');
  expect(pythonStrip(' a ', 'end')).toBe(' a');
});

test('takes time in proportion to the text', () => {
  const text = `a${' '.repeat(1_000_000)}b`;
  expect(pythonStrip(text)).toBe(text);
});
