// How long `Ovis.load` takes and how much memory a text takes, for Ovis2-1B's shape; every load in a process of its own.
// node benchmarks/load-and-memory.mjs [--dtypes int8,int4] [--loads 5] [--contexts 64,2048,6144]
import { parseArgs } from 'node:util';
import { bundleOf } from './bundles.mjs';
import { spreadOf } from './medians.mjs';
import { runScript } from './run-script.mjs';

const { values: options } = parseArgs({
  options: {
    dtypes: { type: 'string', default: 'int8,int4' },
    loads: { type: 'string', default: '5' },
    contexts: { type: 'string', default: '64,2048,6144' },
  },
});

/** What the goal allows beside weights and cache, and in all: 1.25 x (bundle + cache + 150 MB). */
const [besides, factor] = [150e6, 1.25];
const results = {};
for (const dtype of options.dtypes.split(',')) {
  const { bundle } = await bundleOf('Ovis2-1B', dtype);
  const { bundleBytes } = await measure({ bundle, context: 0 }); // the first one hashes the files
  const loads = [];
  for (let count = 0; count < Number(options.loads); count++) loads.push(await measure({ bundle, context: 0 }));
  const texts = [];
  for (const context of options.contexts.split(',').map(Number)) {
    const { positions, cacheBytes, loadedBytes, peakBytes } = await measure({ bundle, context });
    texts.push({ positions, loadedBytes, peakBytes, allowedBytes: factor * (bundleBytes + cacheBytes + besides) });
  }
  results[dtype] = { bundleBytes, loads, texts };
  const range = (key) => {
    const { median, low, high } = spreadOf(loads.map((load) => load[key]));
    return `${median.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)})`;
  };
  console.log(
    `${dtype}: load ${range('loadMs')} ms, of processor time ${range('processorMs')} ms; tokenizer ${range('tokenizerMs')} ms beside it`,
  );
  for (const { positions, peakBytes, allowedBytes } of texts) {
    const [peak, allowed] = [peakBytes, allowedBytes].map((bytes) => (bytes / 1e6).toFixed(0));
    console.log(`  ${positions} positions: peak ${peak} MB of ${allowed} MB allowed`);
  }
}
console.log(JSON.stringify(results));

function measure(request) {
  return runScript('load-and-answer.mjs', [request]);
}
