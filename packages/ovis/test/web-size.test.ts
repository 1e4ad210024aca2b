// How much JavaScript a page loads with `ovis/web`, without ONNX Runtime.
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

/** Most bytes of all entries together, compressed with gzip. */
const LIMIT = 120_000;

/** What a page and its worker load. */
const entries = { 'ovis/web, the page': 'index.ts', 'ovis/web, its worker': 'worker/main.ts' };

test(`page and worker have at most ${LIMIT / 1000} kB of compressed JavaScript`, async () => {
  const sizes = await Promise.all(
    Object.entries(entries).map(async ([name, file]) => {
      const code = await bundled(fileURLToPath(new URL(`../src/web/${file}`, import.meta.url)));
      return { name, bytes: code.length, compressed: gzipSync(code, { level: 9 }).length };
    }),
  );
  for (const { name, bytes, compressed } of sizes) {
    console.log(`${name}: ${(compressed / 1000).toFixed(1)} kB compressed, ${(bytes / 1000).toFixed(1)} kB as it is`);
  }
  expect(sizes.reduce((sum, { compressed }) => sum + compressed, 0)).toBeLessThanOrEqual(LIMIT);
});

async function bundled(entry: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    conditions: ['ovis-source'],
    // Mediabunny is an optional package, which is loaded when frames of a video are asked for.
    external: ['onnxruntime-web/*', 'mediabunny'],
    logLevel: 'error',
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
