// Medians and spread of what runs measured, one entry per engine and measurement.

/** Milliseconds to the number that people compare, and whether more is better. */
export const quantities = {
  prefill: { unit: 'tokens/s', of: ({ context, ms }) => (1000 * context) / ms, better: 'more' },
  decode: { unit: 'tokens/s', of: ({ ms }) => 1000 / median(ms), better: 'more' },
  picture: { unit: 'ms', of: ({ ms }) => median([ms].flat()), better: 'less' },
  load: { unit: 'ms', of: ({ ms }) => ms, better: 'less' },
  memory: { unit: 'MB', of: ({ peakBytes }) => peakBytes / 1e6, better: 'less' },
};

/** Share of the processor in other hands; runs with more count only where there is no calmer one. */
const CALM = 0.08;

/** Whether others left the machine alone during a run. */
export function isCalm({ neighbours = 0 }) {
  return neighbours <= CALM;
}

/** `{ 'decode 64': { median, low, high, count }, ... }` of one engine's runs. */
export function mediansOf(runs) {
  const values = {};
  const calm = runs.filter(isCalm);
  for (const measured of (calm.length > 0 ? calm : runs).flatMap(({ measurements }) => measurements)) {
    const quantity = quantities[measured.kind];
    if (quantity) (values[keyOf(measured)] ??= []).push(quantity.of(measured));
  }
  return Object.fromEntries(Object.entries(values).map(([key, list]) => [key, spreadOf(list)]));
}

export function spreadOf(list) {
  return { median: median(list), low: Math.min(...list), high: Math.max(...list), count: list.length };
}

export function median(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function keyOf({ kind, context }) {
  return context === undefined ? kind : `${kind} ${context}`;
}
