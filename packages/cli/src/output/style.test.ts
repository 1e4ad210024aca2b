import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { styleOf } from './style.ts';

const stream = (isTTY: boolean) => Object.assign(new PassThrough(), { isTTY });

test('colours only on a terminal', () => {
  expect(styleOf(stream(true), {}).red('x')).toBe('\u001b[31mx\u001b[39m');
  expect(styleOf(stream(false), {}).red('x')).toBe('x');
});

test('does not colour where nobody wants it', () => {
  expect(styleOf(stream(true), { NO_COLOR: '1' }).coloured).toBe(false);
  expect(styleOf(stream(true), { TERM: 'dumb' }).coloured).toBe(false);
  expect(styleOf(stream(true), { NO_COLOR: '' }).coloured).toBe(true);
});
