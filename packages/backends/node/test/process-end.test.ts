import { encodeOnnx } from '@ovis/testing';
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

// A process of its own, with the package built as it is shipped: worker.js beside the code.
const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const folder = `${packageFolder}node_modules/.cache/process-end-${process.pid}/`;

beforeAll(async () => {
  await build({
    entryPoints: { index: 'src/index.ts', worker: 'src/worker/main.ts' },
    absWorkingDir: packageFolder,
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['ovis-source'],
    external: ['onnxruntime-node', 'sharp', 'esbuild'],
    alias: { '#start-worker': './src/start-worker/built.ts' },
  });
  await writeFile(`${folder}model.onnx`, slowModel());
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a program that may use `backend`, and `run()`, which takes about a second. */
async function endOf(program: string) {
  await writeFile(
    `${folder}program.mjs`,
    `import { openNodeBackend } from './index.js';
    const backend = await openNodeBackend({ threads: 1 });
    const spec = { dtype: 'float32', shape: ['S', 'S'] };
    const signature = { inputs: { x: spec }, outputs: { y: spec }, state: [] };
    const graph = { kind: 'path', path: ${JSON.stringify(`${folder}model.onnx`)} };
    async function run() {
      const session = await backend.openSession(graph, signature, signature);
      return session.run({ x: { dtype: 'float32', dims: [1200, 1200], data: new Float32Array(1440000) } });
    }
    ${program}`,
  );
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [`${folder}program.mjs`], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, signal, stdout: stdout.trim(), stderr: stderr.trim() };
}

test('an idle backend does not keep the process alive', async () => {
  expect(await endOf(`console.log('ready');`)).toEqual({ status: 0, signal: null, stdout: 'ready', stderr: '' });
});

test('a running graph does', async () => {
  const end = await endOf(`run().then(({ y }) => console.log(y.data.length));`);
  expect(end).toEqual({ status: 0, signal: null, stdout: '1440000', stderr: '' });
});

test('exiting while a graph runs ends the process with the code that was asked for', async () => {
  const end = await endOf(`void run(); setTimeout(() => process.exit(7), 300);`);
  expect(end).toEqual({ status: 7, signal: null, stdout: '', stderr: '' });
});

function slowModel(): Uint8Array {
  const names = Array.from({ length: 12 }, (_, index) => `x${index}`);
  return encodeOnnx({
    nodes: names.map((name, index) => ({
      operator: 'MatMul',
      inputs: [index === 0 ? 'x' : (names[index - 1] ?? ''), 'x'],
      outputs: [index === names.length - 1 ? 'y' : name],
    })),
    inputs: [{ name: 'x', dtype: 'float32', shape: ['S', 'S'] }],
    outputs: [{ name: 'y', dtype: 'float32', shape: ['S', 'S'] }],
  });
}
