// What changed between two results.
import { mediansOf, quantities } from './medians.mjs';
import { isOurs } from './report.mjs';

/** `change` is positive where the later one is better, as a share of the earlier. */
export function differencesOf(before, after, { tolerance, all }) {
  const names = Object.keys(before.engines).filter((name) => name in after.engines && (all || isOurs(name)));
  return names.flatMap((engine) => {
    const [from, to] = [before, after].map(({ engines }) => mediansOf(engines[engine].runs));
    return Object.keys(from)
      .filter((key) => key in to)
      .map((key) => ({ engine, key, ours: isOurs(engine), ...difference(from[key], to[key], key, tolerance) }));
  });
}

function difference(from, to, key, tolerance) {
  const more = quantities[key.split(' ')[0]].better === 'more';
  const change = more ? to.median / from.median - 1 : from.median / to.median - 1;
  const [worseApart, betterApart] = more
    ? [to.high < from.low, to.low > from.high]
    : [to.low > from.high, to.high < from.low];
  const verdict = change < -tolerance && worseApart ? 'worse' : change > tolerance && betterApart ? 'better' : 'same';
  return { from: from.median, to: to.median, change, verdict };
}
