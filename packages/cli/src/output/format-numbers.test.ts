import { expect, test } from 'vitest';
import { formatBytes, formatCount, formatDuration } from './format-numbers.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [2_500_000_000, '2.5 GB'],
  [4e15, '4.0 PB'],
  [4e18, '4000.0 PB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [99_940, '99.9 s'],
  [99_960, '1 min 40 s'],
  [125_000, '2 min 5 s'],
])('%d milliseconds are %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test('marks thousands', () => {
  expect(formatCount(1_235_814_432)).toBe('1,235,814,432');
});
