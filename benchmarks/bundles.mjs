// Bundles of published shapes with random weights, made into benchmarks/.cache and again when the converter changes.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeRandomCheckpoint } from './random-checkpoint.mjs';
import { runScript } from './run-script.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const cache = join(folder, '.cache');

/** Folder of the bundle, and what its conversion took where it was made now. */
export async function bundleOf(shape, dtype) {
  const name = `${shape}-${dtype}`;
  const bundle = join(cache, `${name}-${converterHash()}`);
  if (existsSync(bundle)) return { bundle };
  mkdirSync(cache, { recursive: true });
  for (const older of readdirSync(cache)) {
    if (older.startsWith(`${name}-`)) rmSync(join(cache, older), { recursive: true, force: true });
  }
  const checkpoint = join(cache, shape);
  await writeRandomCheckpoint(shape, checkpoint);
  return { bundle, ...(await runScript('convert-checkpoint.mjs', [checkpoint, bundle, dtype])) };
}

/** Of everything that decides what a bundle holds: the converter as built, and how weights are made up. */
function converterHash() {
  const built = dirname(fileURLToPath(import.meta.resolve('@ovis/converter')));
  const hash = createHash('sha256');
  for (const file of readdirSync(built)
    .filter((name) => name.endsWith('.js'))
    .toSorted()) {
    hash.update(readFileSync(join(built, file)));
  }
  for (const file of ['conversions.mjs', 'model-shapes.mjs', 'random-checkpoint.mjs']) {
    hash.update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 10);
}
