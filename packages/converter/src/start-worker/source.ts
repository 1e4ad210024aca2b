import { createHash } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';

/**
 * Starts the worker where the sources run without a build (tests): Node 20 cannot run TypeScript in a
 * worker, so the worker is bundled into a cache folder first. `#start-worker` in package.json chooses this
 * file under the condition `ovis-source`; the built package does not contain it.
 */
export async function startWorker(): Promise<Worker> {
  bundle ??= bundleWorker();
  return new Worker(await bundle, { name: 'ovis-quantise' });
}

let bundle: Promise<URL> | undefined;

async function bundleWorker(): Promise<URL> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../quantise/worker.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    conditions: ['ovis-source'],
  });
  const code = outputFiles[0]?.contents ?? new Uint8Array();
  const hash = createHash('sha256').update(code).digest('hex').slice(0, 16);
  const folder = new URL('../../node_modules/.cache/ovis-worker/', import.meta.url);
  const file = new URL(`${hash}.mjs`, folder);
  const unfinished = new URL(`${hash}.${process.pid}.tmp`, folder);
  await mkdir(folder, { recursive: true });
  await writeFile(unfinished, code);
  await rename(unfinished, file);
  return pathToFileURL(fileURLToPath(file));
}
