import { expect, test } from 'vitest';
import { bundleUrl, servedBytes, servedCases, servedJson } from './browser.ts';

test('a test page may share memory with threads, as WebAssembly with several threads needs it', () => {
  expect(crossOriginIsolated).toBe(true);
});

test('the browser has a WebGPU adapter', async () => {
  expect(await navigator.gpu.requestAdapter()).not.toBeNull();
});

test('fixtures are served with their cases', async () => {
  const cases = await servedCases('ovis2-tiny');
  expect(cases.map(({ name }) => name)).toContain('text-only');
  expect(cases[0]?.tensors.get('prompt_ids')?.dtype).toBe('I64');
});

test('the embedded model is served', async () => {
  const manifest = await servedJson<{ readonly files: readonly { path: string; bytes: number }[] }>(
    'packages/nano/bundle/ovis.json',
  );
  const data = manifest.files.find(({ path }) => path === 'tables.data');
  expect((await servedBytes('packages/nano/bundle/tables.data')).byteLength).toBe(data?.bytes);
});

test('a fixture is converted when its bundle is asked for, and files come in parts too', async () => {
  const folder = bundleUrl('ovis2-tiny', { dtype: 'int8' });
  const manifest = (await (await fetch(new URL('ovis.json', folder))).json()) as { files: { path: string }[] };
  expect(manifest.files.map(({ path }) => path)).toContain('decoder.onnx');
  const whole = new Uint8Array(await (await fetch(new URL('decoder.onnx', folder))).arrayBuffer());
  const part = await fetch(new URL('decoder.onnx', folder), { headers: { Range: 'bytes=2-5' } });
  expect([part.status, new Uint8Array(await part.arrayBuffer())]).toEqual([206, whole.slice(2, 6)]);
  expect((await fetch(new URL('none.onnx', folder))).status).toBe(404);
});
