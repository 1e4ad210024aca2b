// Converts the checkpoint of the embedded model to the bundle that the package ships.
// Another checkpoint folder may be named: `node scripts/build-bundle.mjs <checkpoint>`.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertCheckpoint } from '@ovis/converter';

const checkpoint = resolve(process.argv[2] ?? fileURLToPath(new URL('../checkpoint', import.meta.url)));
const bundle = fileURLToPath(new URL('../bundle', import.meta.url));

const began = performance.now();
// A model is called like its folder, and "checkpoint" is no name.
const folder = await mkdtemp(join(tmpdir(), 'ovis-nano-'));
try {
  const named = join(folder, 'ovis-nano');
  await symlink(checkpoint, named, 'junction');
  const manifest = await convertCheckpoint(named, bundle, { dtype: 'int8', overwrite: true });
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const seconds = (performance.now() - began) / 1000;
  console.log(`Embedded model: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
