// Prints a result again: `node benchmarks/print-results.mjs RESULTS.json [--markdown]`.
import { parseArgs } from 'node:util';
import { quantities } from './medians.mjs';
import { printReport, ratiosOf, rowsOf, titleOf } from './report.mjs';
import { readResults } from './results.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { markdown: { type: 'boolean', default: false } },
});
const [file] = positionals;
if (file === undefined) throw new Error('node benchmarks/print-results.mjs RESULTS.json [--markdown]');
const results = readResults(file);
if (options.markdown) printMarkdown();
else printReport(results);

/** Two tables for a document: medians, and how many times as fast ours is. */
function printMarkdown() {
  const rows = rowsOf(results);
  const kinds = ['prefill', 'decode', 'picture', 'load', 'memory'];
  const places = Object.fromEntries(kinds.map((kind) => [kind, placesOf(rows, kind)]));
  const headings = kinds.map((kind) => [kind, ...[places[kind].join(' / ')].filter(Boolean)].join(' '));
  printTable([
    ['', ...headings.map((heading, index) => `${heading}, ${quantities[kinds[index]].unit}`)],
    ...rows.map(({ name, medians }) => [titleOf(name), ...kinds.map((kind) => cell(medians, kind, places[kind]))]),
  ]);
  const ratios = ratiosOf(rows);
  const keys = [...new Set(ratios.map(({ key }) => key))];
  const peers = [...new Set(ratios.map(({ peer }) => peer))];
  const ratio = (peer, key) => ratios.find((one) => one.peer === peer && one.key === key)?.ratio.toFixed(2) ?? '–';
  console.log();
  printTable([['', ...keys], ...peers.map((peer) => [titleOf(peer), ...keys.map((key) => ratio(peer, key))])]);
}

function placesOf(rows, kind) {
  const keys = rows.flatMap(({ medians }) => Object.keys(medians)).filter((key) => key.startsWith(`${kind} `));
  return [...new Set(keys.map((key) => Number(key.split(' ')[1])))].toSorted((a, b) => a - b);
}

function cell(medians, kind, places) {
  const keys = places.length === 0 ? [kind] : places.map((place) => `${kind} ${place}`);
  const values = keys.map((key) => medians[key]?.median);
  if (values.every((value) => value === undefined)) return '–';
  return values.map((value) => (value === undefined ? '–' : value.toFixed(kind === 'decode' ? 1 : 0))).join(' / ');
}

function printTable(rows) {
  const [heading, ...rest] = rows;
  for (const row of [heading, heading.map(() => '---'), ...rest]) console.log(`| ${row.join(' | ')} |`);
}
