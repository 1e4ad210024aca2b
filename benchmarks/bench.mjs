// `npm run bench`: load, image, prefill and decode speed with peak memory; every measurement in a process of its own.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { nanoBundlePath } from '@ovis/nano';
import { bundleOf } from './bundles.mjs';
import { machineNow } from './machine.mjs';
import { writePhoto } from './photo.mjs';
import { runScript } from './run-script.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const cache = join(folder, '.cache');
const photo = join(cache, 'photo.jpg');

const parts = {
  nano: measureNano,
  '1b-int8': () => measureRandom('Ovis2-1B', 'int8'),
  '1b-int4': () => measureRandom('Ovis2-1B', 'int4'),
  'convert-2b': () => convertRandom('Ovis2-2B', 'int8'),
  'event-loop': measureEventLoop,
};

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: 'nano,1b-int8,1b-int4,event-loop' },
    tokens: { type: 'string', default: '64' },
    partitions: { type: 'string', default: '1' },
    clean: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const chosen = options.only.split(',');
const unknown = chosen.filter((name) => !Object.hasOwn(parts, name));
if (options.help || unknown.length > 0) {
  console.log(`npm run bench -- [--only ${Object.keys(parts).join(',')}] [--tokens N] [--partitions N] [--clean]

  --only        which parts; convert-2b converts a made-up checkpoint of 4.9 GB and is left out by default
  --tokens      new tokens per answer of the 1B models (default 64)
  --partitions  largest number of sub-images for the 1B models (default 1: the whole picture only)
  --clean       removes the made-up checkpoints and bundles in benchmarks/.cache (up to 10 GB) afterwards`);
  process.exit(options.help ? 0 : 2);
}

mkdirSync(cache, { recursive: true });
await writePhoto(photo);
const machine = machineNow();
const results = {};
for (const name of chosen) {
  console.log(`\n${name}`);
  results[name] = await parts[name]();
}
mkdirSync(join(folder, 'results'), { recursive: true });
const file = join(folder, 'results', `${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.json`);
writeFileSync(file, `${JSON.stringify({ machine, options, results }, null, 2)}\n`);
console.log(`\n${machine.logicalCores} × ${machine.processor}, Node ${machine.node}; all numbers in ${file}`);
if (options.clean) rmSync(cache, { recursive: true, force: true });

/** The embedded model on its own questions. */
async function measureNano() {
  const images = new URL('../examples/images/', import.meta.url);
  const listed = JSON.parse(readFileSync(new URL('questions.json', images), 'utf8'));
  const questions = listed.map(({ image, question }) => ({ image: fileURLToPath(new URL(image, images)), question }));
  return print(
    await runScript('measure-model.mjs', [{ bundle: nanoBundlePath, questions, maxNewTokens: 64, rounds: 3 }]),
  );
}

/** A model of a published shape with random weights, which answers nonsense at the real speed. */
async function measureRandom(shape, dtype) {
  const { bundle, ...conversion } = await convertRandom(shape, dtype);
  const request = {
    bundle,
    questions: [{ image: photo, question: 'Describe the picture.' }],
    maxNewTokens: Number(options.tokens),
    partitions: Number(options.partitions),
    rounds: 2,
  };
  return { conversion, ...print(await runScript('measure-model.mjs', [request])) };
}

async function convertRandom(shape, dtype) {
  const made = await bundleOf(shape, dtype);
  if (made.convertMs) row('convert', seconds(made.convertMs), `peak memory ${megabytes(made.peakBytes)}`);
  return made;
}

async function measureEventLoop() {
  const measured = await runScript('event-loop.mjs', [nanoBundlePath, photo]);
  for (const phase of ['idle', 'load', 'generate']) {
    const { p50, p99, max, samples, own } = measured[phase];
    const ours = own.max > 0 ? `; our own work p99 ${own.p99.toFixed(1)}, worst ${own.max.toFixed(1)} ms` : '';
    row(
      `5 ms timer, ${phase}`,
      `p99 ${p99.toFixed(1)} ms`,
      `late by p50 ${p50.toFixed(1)}, worst ${max.toFixed(1)} ms (${samples} times)${ours}`,
    );
  }
  return measured;
}

function print(measured) {
  const { prefillMs, promptTokens, perTokenMs, imageTokens } = measured;
  row(
    'parameters',
    `${(measured.parameters / 1e6).toFixed(0)} M`,
    `bundle ${megabytes(measured.bundleBytes)}, ${measured.device.kind}`,
  );
  row('load', seconds(measured.loadMs), `memory after it ${megabytes(measured.loadedBytes)}`);
  row('decode picture', seconds(measured.decodeImageMs));
  row('preprocess', seconds(measured.preprocessMs));
  row('vision', seconds(measured.visionMs), `${imageTokens.toFixed(0)} visual tokens`);
  row(
    'prefill',
    seconds(prefillMs),
    `${promptTokens.toFixed(0)} positions, ${((promptTokens * 1000) / prefillMs).toFixed(0)}/s`,
  );
  row('decode', `${(1000 / perTokenMs).toFixed(1)} tokens/s`, `${perTokenMs.toFixed(1)} ms per token`);
  row('peak memory', megabytes(measured.peakBytes));
  return measured;
}

function row(name, value, note = '') {
  console.log(`  ${name.padEnd(22)}${value.padStart(16)}  ${note}`.trimEnd());
}

function seconds(milliseconds) {
  return milliseconds < 1000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}
