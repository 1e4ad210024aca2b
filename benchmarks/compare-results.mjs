// `npm run bench:compare A.json B.json`: fails where B is slower than A beyond what repetitions differ by.
import { parseArgs } from 'node:util';
import { differencesOf } from './differences.mjs';
import { readResults } from './results.mjs';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: 'boolean', default: false },
    tolerance: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});
if (options.help || files.length !== 2) {
  console.log(`npm run bench:compare -- BEFORE.json AFTER.json [--tolerance PERCENT] [--all]

Compares two results of \`npm run bench:peers\`, as two commits gave them. A number has got worse when its median is
worse by more than the tolerance (5 %) and lies outside of what both runs saw: the worst of the one still beats the
best of the other. Exit code 1 when one of ours has.

  --all   peers too: when they changed as well, it was the machine`);
  process.exit(options.help ? 0 : 2);
}
const [before, after] = files.map(readResults);
if (before.machine.processor !== after.machine.processor || before.threads !== after.threads) {
  console.log('The two were measured on different machines or with other threads: only ratios can be compared.');
}
const differences = differencesOf(before, after, { tolerance: Number(options.tolerance) / 100, all: options.all });
for (const { engine, key, from, to, change, verdict } of differences) {
  const percent = `${change >= 0 ? '+' : ''}${(100 * change).toFixed(1)} %`;
  console.log(
    `${engine.padEnd(22)}${key.padEnd(16)}${from.toFixed(1).padStart(10)} -> ${to.toFixed(1).padStart(8)}${percent.padStart(10)}  ${verdict}`,
  );
}
const worse = differences.filter(({ verdict, ours }) => ours && verdict === 'worse');
console.log(`\n${differences.length} numbers compared, ${worse.length} of ours worse.`);
if (differences.length === 0) console.log('Nothing was measured in both.');
process.exit(worse.length > 0 || differences.length === 0 ? 1 : 0);
