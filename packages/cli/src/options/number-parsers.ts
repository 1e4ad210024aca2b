import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Closed bounds of an option, except where `above` leaves one end open. */
export type Range = {
  readonly min?: number;
  /** Open lower end. */
  readonly above?: number;
  readonly max?: number;
};

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** Reads a decimal number; commander turns what this throws into wrong use that names the option. */
export function numberIn(range: Range): (text: string) => number {
  return (text) => checked(text, range, 'a number');
}

/** Reads a whole number. */
export function integerIn(range: Range): (text: string) => number {
  return (text) => {
    const value = checked(text, range, 'a whole number');
    if (!Number.isSafeInteger(value)) throw refusal(range, 'a whole number');
    return value;
  };
}

function checked(text: string, range: Range, kind: string): number {
  const value = decimal.test(text) ? Number(text) : Number.NaN;
  const { min = -Infinity, above = -Infinity, max = Infinity } = range;
  // Also refuses NaN, which is in no range, and what is too large for a number.
  if (Number.isFinite(value) && value >= min && value > above && value <= max) return value;
  throw refusal(range, kind);
}

function refusal({ min, above, max }: Range, kind: string): InvalidArgumentError {
  const bounds = [
    ...(min === undefined ? [] : [`at least ${min}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(max === undefined ? [] : [`at most ${max}`]),
  ];
  return new InvalidArgumentError(`Expected ${kind}${bounds.length === 0 ? '' : `, ${bounds.join(' and ')}`}.`);
}
