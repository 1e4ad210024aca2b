// What a dtype costs: a trained checkpoint in f32 against its conversions, stage by stage, on pictures with questions.
// node benchmarks/dtypes.mjs [--checkpoint FOLDER] [--dtypes f16,int8,int4,all-int4] [--also BUNDLE] [--tokens N]
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { convertCheckpoint } from '@ovis/converter';
import { Ovis } from 'ovis/node';
import { conversionOf } from './conversions.mjs';

const { values: options } = parseArgs({
  options: {
    checkpoint: { type: 'string', default: fileURLToPath(new URL('../packages/nano/checkpoint', import.meta.url)) },
    dtypes: { type: 'string', default: 'f16,int8,int4,all-int4' },
    also: { type: 'string', multiple: true, default: [] },
    tokens: { type: 'string', default: '16' },
  },
});

const folder = mkdtempSync(join(tmpdir(), 'ovis-dtypes-'));
let reference;
try {
  reference = await Ovis.load(await convert('f32'));
  console.log(`${basename(options.checkpoint)}: f32 is ${megabytes(reference.manifest)}\n`);
  console.log('dtype      bundle    visual    same word  logits    divergence (worst)       same token');
  for (const dtype of options.dtypes.split(',')) await compare(dtype, await convert(dtype));
  for (const bundle of options.also) await compare(basename(bundle), bundle);
} finally {
  await reference?.dispose();
  rmSync(folder, { recursive: true, force: true });
}

async function convert(dtype) {
  const bundle = join(folder, dtype);
  // Logits are compared as of a prompt, which an int4 bundle would otherwise read in int8.
  await convertCheckpoint(options.checkpoint, bundle, { ...conversionOf(dtype), prefill: 'same' });
  return bundle;
}

async function compare(name, bundle) {
  const candidate = await Ovis.load(bundle);
  const { overall } = await reference.compare(candidate, samples(), { maxNewTokens: Number(options.tokens) });
  await candidate.dispose();
  const cells = [
    name.padEnd(10),
    megabytes(candidate.manifest).padEnd(9),
    overall.visualEmbeddings.toExponential(1).padEnd(9),
    percent(overall.sameVisualWord).padEnd(10),
    overall.logits.toExponential(1).padEnd(9),
    `${overall.divergence.toExponential(1)} (${overall.worstDivergence.toExponential(1)})`.padEnd(24),
    `${percent(overall.sameToken)} of ${overall.positions}`,
  ];
  console.log(cells.join(' '));
}

/** The example pictures, each with every question asked of any of them. */
function samples() {
  const images = new URL('../examples/images/', import.meta.url);
  const listed = JSON.parse(readFileSync(new URL('questions.json', images), 'utf8'));
  const questions = [...new Set(listed.map(({ question }) => question))];
  const pictures = [...new Set(listed.map(({ image }) => image))];
  return pictures.flatMap((image) =>
    questions.map((text) => ({
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', image: fileURLToPath(new URL(image, images)) },
            { type: 'text', text },
          ],
        },
      ],
    })),
  );
}

function megabytes({ files }) {
  return `${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(2)} MB`;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}
