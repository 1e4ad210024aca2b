// Draws tokens per second over positions as SVG: `node benchmarks/plot.mjs RESULTS.json` writes RESULTS.svg beside it.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isOurs, rowsOf, titleOf } from './report.mjs';
import { readResults } from './results.mjs';

const panel = { width: 420, height: 330, left: 48, top: 46, right: 24, bottom: 44 };
const panels = [
  { kind: 'decode', title: 'Writing: tokens/s after so many positions' },
  { kind: 'prefill', title: 'Reading: tokens/s of a prompt of so many positions' },
];
const ourColours = ['#c2410c', '#ea9a2f', '#7f1d1d'];
const colours = ['#1d4ed8', '#0891b2', '#15803d', '#65a30d', '#7c3aed', '#be185d', '#a16207', '#475569', '#94a3b8'];

/** Both panels, side by side, with one legend below. */
export function drawResults(results) {
  const painted = paint(rowsOf(results));
  const width = panels.length * panel.width;
  const rows = Math.ceil(painted.length / 2);
  const height = panel.height + 26 + rows * 20 + 34;
  const { machine, threads, date, commit, shape } = results;
  const flags = machine.flags.filter((flag) => /avx512_|amx|avx2|vnni|i8mm/.test(flag)).join(', ');
  const caption = `${shape}, random weights; ${threads} threads of ${machine.processor} (${flags}); medians; ${date}, ${commit}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="#1f2937">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${panels.map((which, index) => drawPanel(which, painted, index * panel.width)).join('\n')}
${painted.map((line, index) => legendEntry(line, 48 + (index % 2) * panel.width, panel.height + 20 + Math.floor(index / 2) * 20)).join('\n')}
<text x="48" y="${height - 12}" font-size="11" fill="#6b7280">${escape(caption)}</text>
</svg>
`;
}

function paint(lines) {
  let [own, other] = [0, 0];
  return lines.map((line) => {
    const ours = isOurs(line.name);
    const colour = ours ? ourColours[own++ % ourColours.length] : colours[other++ % colours.length];
    return { ...line, ours, title: titleOf(line.name), colour };
  });
}

function drawPanel({ kind, title }, lines, offset) {
  const series = lines.map((line) => ({ ...line, points: pointsOf(line.medians, kind) }));
  const all = series.flatMap(({ points }) => points);
  if (all.length === 0) return '';
  const places = [...new Set(all.map(({ place }) => place))].toSorted((a, b) => a - b);
  const [least, most] = [Math.log2(places[0]), Math.log2(places.at(-1))];
  const top = niceAbove(Math.max(...all.map(({ value }) => value)));
  const inner = { width: panel.width - panel.left - panel.right, height: panel.height - panel.top - panel.bottom };
  const x = (place) => panel.left + (inner.width * (Math.log2(place) - least)) / Math.max(most - least, 1e-9);
  const y = (value) => panel.top + inner.height * (1 - value / top);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(share * top).toFixed(1);
    return `<path d="M${panel.left} ${at}H${panel.width - panel.right}" stroke="#e5e7eb"/><text x="${panel.left - 6}" y="${at}" dy="4" text-anchor="end" fill="#6b7280">${share * top}</text>`;
  });
  const ticks = places.map(
    (place) =>
      `<text x="${x(place).toFixed(1)}" y="${panel.height - panel.bottom + 18}" text-anchor="middle" fill="#6b7280">${place}</text>`,
  );
  const curves = series.filter(({ points }) => points.length > 0).map((line) => curve(line, x, y));
  return `<g transform="translate(${offset} 0)"><text x="${panel.left}" y="24" font-weight="600">${escape(title)}</text>
${[...grid, ...ticks, ...curves].join('\n')}</g>`;
}

function curve({ points, colour, ours }, x, y) {
  const path = points.map(({ place, value }) => `${x(place).toFixed(1)} ${y(value).toFixed(1)}`).join('L');
  const dots = points.map(
    ({ place, value }) =>
      `<circle cx="${x(place).toFixed(1)}" cy="${y(value).toFixed(1)}" r="${ours ? 3.5 : 2.5}" fill="${colour}"/>`,
  );
  return `<path d="M${path}" fill="none" stroke="${colour}" stroke-width="${ours ? 3 : 1.5}"/>${dots.join('')}`;
}

function legendEntry({ title, colour, ours }, left, top) {
  return `<path d="M${left} ${top}h18" stroke="${colour}" stroke-width="${ours ? 3 : 1.5}"/><text x="${left + 24}" y="${top}" dy="4"${ours ? ' font-weight="600"' : ''}>${escape(title)}</text>`;
}

function pointsOf(medians, kind) {
  return Object.entries(medians)
    .filter(([key]) => key.startsWith(`${kind} `))
    .map(([key, { median }]) => ({ place: Number(key.split(' ')[1]), value: median }))
    .toSorted((a, b) => a.place - b.place);
}

/** The next number whose quarters are round. */
function niceAbove(value) {
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 8, 10].map((times) => times * step).find((candidate) => candidate >= value);
}

function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

const [, script, file] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (!file) throw new Error('node benchmarks/plot.mjs RESULTS.json');
  writeFileSync(file.replace(/\.json$/, '.svg'), drawResults(readResults(file)));
}
