import { integerIn, type Range } from './number-parsers.ts';

/** Reads whole numbers between commas, each of the same range. */
export function integerList(range: Range): (text: string) => readonly number[] {
  const parse = integerIn(range);
  return (text) => text.split(',').map((part) => parse(part.trim()));
}
