// Converts the checkpoint of the embedded model to the bundle that the package ships.
// Another checkpoint folder may be named: `node scripts/build-bundle.mjs <checkpoint>`.
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { convertCheckpoint } from '@ovis/converter';

const checkpoint = process.argv[2] ?? fileURLToPath(new URL('../checkpoint', import.meta.url));
const bundle = fileURLToPath(new URL('../bundle', import.meta.url));

const began = performance.now();
await rm(bundle, { recursive: true, force: true });
const manifest = await convertCheckpoint(checkpoint, bundle, { dtype: 'int8' });
const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
const seconds = (performance.now() - began) / 1000;
console.log(`Embedded model: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s.`);
