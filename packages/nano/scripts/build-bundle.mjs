// Converts the checkpoint of the embedded model to the two bundles that the package ships: `bundle` for processors and
// `bundle-webgpu` for graphics adapters.
// Another checkpoint folder may be named: `node scripts/build-bundle.mjs <checkpoint>`.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertCheckpoint } from '@ovis/converter';
import { bundleForms } from './bundle-forms.mjs';

/** Bytes that both bundles may take; packed, with at most 20 MB, they are a sixth smaller. */
const MOST_BYTES = 22_000_000;

const checkpoint = resolve(process.argv[2] ?? fileURLToPath(new URL('../checkpoint', import.meta.url)));

const began = performance.now();
// A model is called like its folder, and "checkpoint" is no name.
const folder = await mkdtemp(join(tmpdir(), 'ovis-nano-'));
try {
  const named = join(folder, 'ovis-nano');
  await symlink(checkpoint, named, 'junction');
  let total = 0;
  for (const [name, form] of Object.entries(bundleForms)) {
    const target = fileURLToPath(new URL(`../${name}`, import.meta.url));
    const { files } = await convertCheckpoint(named, target, { ...form, overwrite: true });
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    total += bytes;
    console.log(`Embedded model for ${form.device}, ${form.dtype}: ${(bytes / 1e6).toFixed(1)} MB.`);
  }
  console.log(`Converted in ${((performance.now() - began) / 1000).toFixed(1)} s.`);
  if (total > MOST_BYTES) throw new Error(`Both bundles take ${total} bytes; at most ${MOST_BYTES} are wanted.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
