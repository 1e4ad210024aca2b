const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** A count with separators. */
export function count(value: number): string {
  return numbers.format(value);
}

/** Bytes in the unit that suits them. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let unit = 0;
  let amount = value;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit++;
  }
  return `${unit === 0 || amount >= 100 ? numbers.format(amount) : oneDigit.format(amount)} ${units[unit] ?? ''}`;
}

/** Milliseconds, or seconds when there are many. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${numbers.format(milliseconds)} ms`;
  return `${oneDigit.format(milliseconds / 1000)} s`;
}

/** Tokens per second from the time that one takes; null where none was measured. */
export function tokensPerSecond(millisecondsPerToken: number): string | null {
  if (millisecondsPerToken <= 0) return null;
  const rate = 1000 / millisecondsPerToken;
  return rate >= 100 ? numbers.format(rate) : oneDigit.format(rate);
}
