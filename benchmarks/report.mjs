// Prints a comparison of engines as tables: medians, spread, and how many times faster ours is.
import { mediansOf, median, quantities } from './medians.mjs';
import { engines } from './peers/engines.mjs';

export function printReport(results) {
  const measured = rowsOf(results);
  printMachine(results);
  for (const kind of Object.keys(quantities)) printQuantity(kind, measured);
  printRatios(measured);
  printMemoryLimit(results);
  for (const [name, { skipped }] of Object.entries(results.engines)) {
    for (const reason of skipped) console.log(`skipped: ${name}: ${reason}`);
  }
}

/** Name and medians of every engine that was measured. */
export function rowsOf({ engines: measured }) {
  return Object.entries(measured)
    .map(([name, { runs }]) => ({ name, medians: mediansOf(runs) }))
    .filter(({ medians }) => Object.keys(medians).length > 0);
}

/** The best of our configurations for the speed of reading, writing and seeing, and its ratio to every peer. */
export function ratiosOf(rows) {
  const ours = rows.filter(({ name }) => isOurs(name));
  const peers = rows.filter(({ name }) => !isOurs(name));
  const keys = [...new Set(ours.flatMap(({ medians }) => Object.keys(medians)))].filter(
    (key) => key !== 'memory' && key !== 'load',
  );
  return keys.flatMap((key) => {
    const { better } = quantities[key.split(' ')[0]];
    const values = ours.flatMap(({ name, medians }) => (medians[key] ? [{ name, value: medians[key].median }] : []));
    const best = values.toSorted((a, b) => (better === 'more' ? b.value - a.value : a.value - b.value))[0];
    return peers.flatMap(({ name, medians }) => {
      if (!medians[key]) return [];
      const other = medians[key].median;
      return [{ key, ours: best.name, peer: name, ratio: better === 'more' ? best.value / other : other / best.value }];
    });
  });
}

export function isOurs(name) {
  return engines[name]?.bundle !== undefined;
}

function printMachine({ machine, threads, bandwidth, date, commit }) {
  console.log(
    `\n${date}, commit ${commit}: ${machine.physicalCores} cores of ${machine.processor}, ${threads} threads`,
  );
  console.log(`${machine.system}, Node ${machine.node}; ${machine.flags.join(' ')}`);
  if (machine.hiddenFlags) console.log(`hidden from every engine: ${machine.hiddenFlags.join(' ')}`);
  if (bandwidth.length > 0) console.log(`memory is read at ${(median(bandwidth) / 1e9).toFixed(1)} GB/s`);
}

function printQuantity(kind, rows) {
  const keys = [...new Set(rows.flatMap(({ medians }) => Object.keys(medians)))].filter(
    (key) => key.split(' ')[0] === kind,
  );
  if (keys.length === 0) return;
  const places = keys.map((key) => key.split(' ')[1] ?? '').toSorted((a, b) => a - b);
  console.log(`\n${kind}, ${quantities[kind].unit}: median (lowest to highest)`);
  console.log(`  ${''.padEnd(34)}${places.map((place) => place.padStart(22)).join('')}`);
  for (const { name, medians } of rows) {
    const cells = places.map((place) => cell(medians[place === '' ? kind : `${kind} ${place}`]));
    if (cells.some((text) => text !== '')) {
      console.log(`  ${titleOf(name).padEnd(34)}${cells.map((text) => text.padStart(22)).join('')}`);
    }
  }
}

/** How near writing comes to what memory permits: bytes of weights and cache per token over the speed of reading. */
function printMemoryLimit({ engines: measured, bandwidth }) {
  if (bandwidth.length === 0) return;
  const lines = Object.entries(measured).flatMap(([name, { runs }]) => {
    const shares = memoryShares(runs, median(bandwidth));
    const cells = shares.map(({ context, share }) => `${(100 * share).toFixed(0)} % at ${context}`);
    return cells.length === 0 ? [] : [`  ${titleOf(name).padEnd(34)}${cells.join(', ')}`];
  });
  if (lines.length > 0) console.log(`\nWriting, as a share of what memory permits\n${lines.join('\n')}`);
}

/** Of runs that say how many bytes a step reads. */
export function memoryShares(runs, bytesPerSecond) {
  const about = runs.flatMap(({ measurements }) => measurements).findLast(({ kind }) => kind === 'about');
  if (!about) return [];
  return Object.entries(mediansOf(runs))
    .filter(([key]) => key.startsWith('decode '))
    .map(([key, spread]) => {
      const context = Number(key.split(' ')[1]);
      const bytes = about.weights + context * about.perPosition;
      return { context, share: (spread.median * bytes) / bytesPerSecond };
    });
}

export function titleOf(name) {
  return engines[name]?.title ?? name;
}

function cell(spread) {
  if (!spread) return '';
  const digits = spread.median < 100 ? 1 : 0;
  return `${spread.median.toFixed(digits)} (${spread.low.toFixed(digits)} to ${spread.high.toFixed(digits)})`;
}

function printRatios(rows) {
  const ratios = ratiosOf(rows);
  if (ratios.length === 0) return;
  const keys = [...new Set(ratios.map(({ key }) => key))];
  console.log('\nTimes as fast as the peer, with the better of our dtypes for each');
  console.log(`  ${''.padEnd(34)}${keys.map((key) => key.padStart(14)).join('')}`);
  for (const peer of new Set(ratios.map((ratio) => ratio.peer))) {
    const cells = keys.map((key) => {
      const found = ratios.find((ratio) => ratio.key === key && ratio.peer === peer);
      return (found ? found.ratio.toFixed(2) : '').padStart(14);
    });
    console.log(`  ${titleOf(peer).padEnd(34)}${cells.join('')}`);
  }
}
