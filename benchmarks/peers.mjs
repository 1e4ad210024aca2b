// `npm run bench:peers`: engines for the same model shape with random weights, side by side, in turns.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { memoryBandwidth } from 'ovis/node';
import { avx2OnlyHere, hiddenFlag } from './avx2-only/prepare.mjs';
import { bundleOf } from './bundles.mjs';
import { busySeconds, machineNow } from './machine.mjs';
import { isCalm, quantities } from './medians.mjs';
import { engines } from './peers/engines.mjs';
import { hold, measurementsOf } from './peers/runs.mjs';
import { avx2Packages, pythonOf, setUp } from './peers/setup.mjs';
import { openResults } from './results.mjs';
import { printReport } from './report.mjs';

/** Milliseconds after which the machine is let go between two runs. */
const longestHold = 60_000;
let held = null;
const here = fileURLToPath(new URL('.', import.meta.url));
const shape = 'Ovis2-1B';
const { values: options } = parseArgs({
  options: {
    engines: { type: 'string', default: Object.keys(engines).join(',') },
    prefill: { type: 'string', default: '256,1024,2048,6144' },
    decode: { type: 'string', default: '64,512,2048,6144' },
    tokens: { type: 'string', default: '16' },
    picture: { type: 'string', default: 'yes' },
    rounds: { type: 'string', default: '3' },
    threads: { type: 'string', default: '0' },
    folder: { type: 'string', default: join(here, '.cache', 'peers') },
    results: { type: 'string', default: '' },
    hold: { type: 'string', default: '' },
    'avx2-only': { type: 'boolean', default: false },
    clean: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const chosen = options.engines.split(',');
const unknown = chosen.filter((name) => !Object.hasOwn(engines, name));
if (options.help || unknown.length > 0) {
  console.log(`npm run bench:peers -- [options]

  --engines A,B    which of ${Object.keys(engines).join(', ')} (default: all)
  --prefill N,...  lengths of prompts that are read (default 256,1024,2048,6144; empty for none)
  --decode N,...   positions before the tokens whose steps are timed (default 64,512,2048,6144)
  --tokens N       steps per repetition (default 16)
  --picture yes|no whether one 448 x 448 picture is timed, with the engines that can (default yes)
  --rounds N       repetitions; every round runs all engines in turn, each in a process of its own (default 3)
  --threads N      threads of every engine (default: one per physical core)
  --folder DIR     where peers and their models are kept: about 15 GB (default benchmarks/.cache/peers)
  --results FILE   JSON to write, or to add rounds to (default benchmarks/results/DATE-COMMIT.json, with
                   --avx2-only DATE-COMMIT-avx2.json)
  --hold COMMAND   on a machine with other work: a command that prints a line once the machine is free and keeps
                   it so until its input ends; held for one run at a time
  --avx2-only      hides wider vectors than those of AVX2 from every engine, and builds llama.cpp without them: how
                   they compare on a processor that has no more (Linux on x86-64)
  --clean          removes the peers' folder afterwards

Needs Python 3.10 or newer, a C++ compiler (for llama.cpp) and the package registries. What cannot be had is
reported as skipped, with the reason.`);
  process.exit(options.help ? 0 : 2);
}
const numbers = (text) => text.split(',').filter(Boolean).map(Number);
const avx2Only = options['avx2-only'];
const machine = machineNow();
if (avx2Only) machine.hiddenFlags = machine.flags.filter((flag) => hiddenFlag.test(flag));
machine.flags = machine.flags.filter((flag) => !machine.hiddenFlags?.includes(flag));
const threads = Number(options.threads) || machine.physicalCores;
const results = openResults(options.results, { machine, threads, shape });

mkdirSync(options.folder, { recursive: true });
const ready = [];
for (const name of chosen) {
  console.log(`Preparing ${name} ...`);
  try {
    if (engines[name].bundle) await bundleOf(shape, engines[name].bundle);
    else await setUp(name, options.folder, { avx2Only });
    ready.push(name);
  } catch (error) {
    results.skip(name, error.message);
    console.log(`  skipped: ${error.message}`);
  }
}
const environment = avx2Only
  ? { ...process.env, ...(await avx2OnlyHere(options.folder)), PYTHONPATH: avx2Packages(options.folder) }
  : process.env;
for (let round = 0; round < Number(options.rounds); round++) {
  await machineIsOurs();
  const speed = await memoryBandwidth(threads);
  if (speed !== null) results.bandwidth(speed);
  for (const name of ready) await measure(name, round);
}
await letGo();
printReport(results.read());
console.log(`\nAll numbers in ${results.file}`);
if (options.clean) rmSync(options.folder, { recursive: true, force: true });

async function measure(name, round) {
  await machineIsOurs();
  try {
    for (let attempt = 1; ; attempt++) {
      const run = await runOnce(name);
      const disturbed = !isCalm(run);
      if (disturbed && attempt < 3) continue; // twice at most
      results.add(name, { round, ...run });
      const note = disturbed ? ` (others took ${(100 * run.neighbours).toFixed(0)} % of the processor)` : '';
      console.log(`round ${round + 1}, ${name}: ${summary(run.measurements)}${note}`);
      break;
    }
  } catch (error) {
    results.skip(name, `round ${round + 1}: ${error.message}`);
    console.log(`round ${round + 1}, ${name} failed: ${error.message}`);
  }
  if (performance.now() - held.since > longestHold) await letGo();
}

/** Waits for the machine unless it is held already. */
async function machineIsOurs() {
  held ??= { letGo: await hold(options.hold), since: performance.now() };
}

async function letGo() {
  await held?.letGo();
  held = null;
}

/** One process, and which share of the processor others took meanwhile. */
async function runOnce(name) {
  const { load } = machineNow();
  const [busy, began] = [busySeconds(), performance.now()];
  const measurements = await measurementsOf(...(await commandOf(name)), { env: environment });
  if (seesPictures(name)) {
    const seen = await measurementsOf(pythonOf(options.folder), pictureArguments(name), { env: environment });
    measurements.push(...seen.map((found) => (found.kind === 'memory' ? { ...found, kind: 'picture memory' } : found)));
  }
  const seconds = (performance.now() - began) / 1000;
  const own = measurements.reduce((sum, { processorSeconds = 0 }) => sum + processorSeconds, 0);
  const others = busy === null || own === 0 ? 0 : busySeconds() - busy - own;
  return { load, neighbours: Math.max(0, others / (seconds * machine.logicalCores)), measurements };
}

function seesPictures(name) {
  return options.picture === 'yes' && engines[name].picture !== undefined;
}

function pictureArguments(name) {
  return [join(here, 'peers', 'picture_engine.py'), JSON.stringify({ ...engines[name].picture, threads })];
}

async function commandOf(name) {
  const { script, bundle, model, request } = engines[name];
  const asked = {
    ...request,
    threads,
    prefill: numbers(options.prefill),
    decode: numbers(options.decode),
    tokens: Number(options.tokens),
    picture: options.picture === 'yes',
    packages: join(options.folder, 'npm'),
    model: bundle ? (await bundleOf(shape, bundle)).bundle : join(options.folder, 'models', ...model),
  };
  const file = join(here, 'peers', script);
  const program = script.endsWith('.py') ? pythonOf(options.folder) : process.execPath;
  return [program, [file, JSON.stringify(asked)]];
}

function summary(found) {
  return found
    .flatMap((measured) => {
      const { kind, context } = measured;
      const value = (digits) => quantities[kind].of(measured).toFixed(digits);
      if (kind === 'prefill') return [`${context} read at ${value(0)}/s`];
      if (kind === 'picture') return [`a picture in ${value(0)} ms`];
      if (kind === 'decode') return [`${value(1)}/s at ${context}`];
      return [];
    })
    .join(', ');
}
