import { InvalidArgumentError } from '@commander-js/extra-typings';
import { describe, expect, test } from 'vitest';
import { integerIn, numberIn } from './number-parsers.ts';

describe('numberIn', () => {
  test.each([
    ['0', 0],
    ['1.5', 1.5],
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['+2', 2],
  ])('reads %s', (text, value) => {
    expect(numberIn({ min: 0 })(text)).toBe(value);
  });

  test.each(['', ' ', 'abc', 'NaN', 'Infinity', '1e999', '0x10', '1,5', '1 2', '--json'])('refuses %j', (text) => {
    expect(() => numberIn({})(text)).toThrow(InvalidArgumentError);
  });

  test('keeps closed bounds and leaves out open ones', () => {
    const parse = numberIn({ above: 0, max: 1 });
    expect(parse('1')).toBe(1);
    expect(() => parse('0')).toThrow('above 0 and at most 1');
    expect(() => parse('1.01')).toThrow(InvalidArgumentError);
    expect(numberIn({ min: 0 })('-0')).toBe(-0);
    expect(() => numberIn({ min: 0 })('-1')).toThrow('at least 0');
  });
});

describe('integerIn', () => {
  test('takes whole numbers only', () => {
    expect(integerIn({ min: 1 })('512')).toBe(512);
    expect(() => integerIn({ min: 1 })('1.5')).toThrow('a whole number, at least 1');
    expect(() => integerIn({ min: 1 })('9007199254740993')).toThrow(InvalidArgumentError);
  });
});
