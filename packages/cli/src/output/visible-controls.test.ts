import { expect, test } from 'vitest';
import { visibleControls } from './visible-controls.ts';

test('spells out what would command a terminal', () => {
  expect(visibleControls('a\u001b]0;title\u0007\r\u009b1m')).toBe('a\\x1b]0;title\\x07\\x0d\\x9b1m');
});

test('keeps lines, tabs and every other character', () => {
  const text = 'one\n\ttwo 画 👩‍🚀 é';
  expect(visibleControls(text)).toBe(text);
});
