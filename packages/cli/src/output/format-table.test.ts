import { expect, test } from 'vitest';
import { formatTable } from './format-table.ts';

test('aligns columns and leaves no blanks at the ends of lines', () => {
  const rows = [
    ['decoder', '12', 'int8'],
    ['vit', '1,234', ''],
  ];
  expect(formatTable(rows, ['left', 'right', 'left'])).toBe('decoder     12  int8\nvit      1,234\n');
});

test('keeps a hostile cell on its line', () => {
  expect(formatTable([['a\nb\u001b[2J', 'c']], ['left', 'left'])).toBe('a b\\x1b[2J  c\n');
});
