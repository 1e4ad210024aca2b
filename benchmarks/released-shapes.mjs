// Every released model with random weights and few layers: converts to int4, loads, and answers with three tokens.
// node benchmarks/released-shapes.mjs [--only NAME,NAME] [--totals] [--experts N]
//   --totals  no conversions: parameters and int4 bytes of the full models instead, from their configs alone
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { convertCheckpoint } from '@ovis/converter';
import { writePhoto } from './photo.mjs';
import { safetensorsHeader, writeSafetensors } from './random-checkpoint.mjs';
import { configsOf, releasedModels, tokenizerOf } from './released-models.mjs';
import { runScript } from './run-script.mjs';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(releasedModels).join(',') },
    totals: { type: 'boolean', default: false },
    experts: { type: 'string', default: '128' },
  },
});
const require = createRequire(import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'ovis-released-'));
const checkpoint = join(folder, 'checkpoint');
const bundle = join(folder, 'bundle');
try {
  const photo = join(folder, 'photo.jpg');
  await writePhoto(photo, 448, 336);
  console.log(
    options.totals
      ? 'model                    parameters   released   int4'
      : 'model                    checkpoint  int4      convert          generate   peak: convert, generate',
  );
  for (const name of options.only.split(',')) {
    const model = releasedModels[name];
    if (model === undefined) throw new Error(`No released model is called ${name}.`);
    console.log(name.padEnd(24), await (options.totals ? totals(model) : run(model, photo)));
    for (const path of [checkpoint, bundle]) rmSync(path, { recursive: true, force: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run(model, photo) {
  const languageLayers = model.kind === '2.6-next' ? 4 : 2; // one whole period of the hybrid
  const limits = { languageLayers, visionLayers: 2, experts: Number(options.experts) };
  const tensors = await tensorsOf(model, limits);
  await writeSafetensors(weightsFile(), tensors);
  const { size } = statSync(weightsFile());
  const { convertMs, peakBytes } = await runScript('convert-checkpoint.mjs', [checkpoint, bundle, 'int4']);
  rmSync(checkpoint, { recursive: true });
  const request = { bundle, questions: [{ image: photo, question: 'Describe.' }], maxNewTokens: 3, rounds: 1 };
  const tiles = model.kind === '2' || model.kind.startsWith('1.6') ? { partitions: 1 } : {};
  const measured = await runScript('measure-model.mjs', [{ ...request, ...tiles }]);
  return [
    gigabytes(size).padEnd(11),
    gigabytes(measured.bundleBytes).padEnd(9),
    `${(convertMs / 1000).toFixed(0)} s, ${(size / 1000 / convertMs).toFixed(0)} MB/s`.padEnd(16),
    `${measured.outputTokens} tokens`.padEnd(10),
    `${gigabytes(peakBytes)}, ${gigabytes(measured.peakBytes)}`,
  ].join(' ');
}

/** The full model: its weights are a file of nothing but holes, whose conversion ends at its first report. */
async function totals(model) {
  const tensors = await tensorsOf(model);
  const { header, bytes } = safetensorsHeader(tensors);
  writeFileSync(weightsFile(), header);
  truncateSync(weightsFile(), header.length + bytes);
  const stop = new AbortController();
  let int4 = 0;
  const onProgress = ({ total }) => {
    int4 = total;
    stop.abort();
  };
  await convertCheckpoint(checkpoint, bundle, { dtype: 'int4', threads: 1, signal: stop.signal, onProgress }).catch(
    (error) => {
      if (int4 === 0) throw error;
    },
  );
  return [`${(bytes / 2e9).toFixed(3)} B`.padEnd(12), `${model.billions} B`.padEnd(10), gigabytes(int4)].join(' ');
}

/** Names and shapes of all tensors: the converter lists them when they are missing. */
async function tensorsOf(model, limits) {
  writeFiles(model, limits);
  await writeSafetensors(weightsFile(), [['nothing', [1]]]);
  const error = await convertCheckpoint(checkpoint, bundle).catch((reason) => reason);
  const offenders = error.details?.offenders;
  if (offenders === undefined) throw error;
  return offenders.flatMap(({ tensor, problem }) => {
    const shape = /is missing; .* shape \[([\d, ]+)\]/.exec(problem)?.[1];
    return shape === undefined ? [] : [[tensor, shape.split(', ').map(Number)]];
  });
}

function writeFiles(model, limits) {
  mkdirSync(checkpoint, { recursive: true });
  const { config, preprocessor } = configsOf(model, readFixture, limits);
  const { package: tokenizer, bos_token_id, eos_token_id } = tokenizerOf(model);
  const files = {
    'config.json': config,
    'preprocessor_config.json': preprocessor,
    'generation_config.json': { bos_token_id, eos_token_id, do_sample: false },
  };
  for (const [file, value] of Object.entries(files)) writeFileSync(join(checkpoint, file), JSON.stringify(value));
  for (const file of ['tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(require.resolve(`${tokenizer}/models/${file}`), join(checkpoint, file));
  }
}

function readFixture(fixture, file) {
  return JSON.parse(readFileSync(new URL(`../packages/testing/fixtures/${fixture}/${file}`, import.meta.url), 'utf8'));
}

function weightsFile() {
  return join(checkpoint, 'model.safetensors');
}

function gigabytes(bytes) {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}
