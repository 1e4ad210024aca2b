// Loading from folders: bundles, checkpoints, and what is neither.
import { cp, mkdtemp, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSharpDecoder } from '@ovis/backend-node';
import { convertCheckpoint } from '@ovis/converter';
import { ModelFileError, type Progress } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainImage } from '../src/node/explain-image.ts';
import { Ovis } from '../src/node/ovis.ts';

let folder: string;
let bundle: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-load-'));
  bundle = join(folder, 'bundle');
  await convertCheckpoint(fixturePath('ovis2-tiny'), bundle);
});
afterAll(() => rm(folder, { recursive: true }));

const hi = { messages: [{ role: 'user', content: 'Hi' }], maxNewTokens: 3 } as const;

/** A copy of the bundle that a test may damage. */
async function damaged(name: string, damage: (copy: string) => Promise<void>): Promise<string> {
  const copy = join(folder, name);
  await cp(bundle, copy, { recursive: true });
  await damage(copy);
  return copy;
}

async function changeByte(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const at = Math.floor(size / 2);
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Uint8Array.of((buffer[0] ?? 0) ^ 0xff), 0, 1, at);
  await file.close();
}

test('a bundle loads by path and by file: URL, and tells what it is', async () => {
  const phases = new Set<string>();
  await using ovis = await Ovis.load(bundle, { onProgress: ({ phase }: Progress) => phases.add(phase) });
  expect(ovis.model).toMatchObject({ generation: '2', language: { architecture: 'qwen2' } });
  expect(ovis.device).toMatchObject({ kind: 'cpu' });
  expect(ovis.manifest.dtypes.decoder).toBe('int8');
  expect(phases).toEqual(new Set(['verify', 'load']));
  await using again = await Ovis.load(pathToFileURL(bundle), { verify: 'sizes' });
  expect((await again.generate(hi)).tokens).toEqual((await ovis.generate(hi)).tokens);
});

test('a checkpoint is converted once and then comes from the cache', async () => {
  const cacheFolder = join(folder, 'cache');
  const phases: string[] = [];
  const options = { cacheFolder, dtype: 'f32', onProgress: ({ phase }: Progress) => phases.push(phase) } as const;
  {
    await using ovis = await Ovis.load(fixturePath('ovis2-tiny'), options);
    expect(ovis.loadTimings.convertMs).toBeGreaterThan(0);
    expect(phases).toContain('convert');
  }
  phases.length = 0;
  await using ovis = await Ovis.load(fixturePath('ovis2-tiny'), options);
  expect(phases).not.toContain('convert');
  expect(ovis.loadTimings.convertMs).toBe(0);
  expect(await readdir(cacheFolder)).toHaveLength(1);
});

test('aborting a conversion leaves nothing behind, and the next load works', async () => {
  const cacheFolder = join(folder, 'aborted');
  const stop = new AbortController();
  const load = Ovis.load(fixturePath('ovis2-tiny'), {
    cacheFolder,
    signal: stop.signal,
    onProgress: () => stop.abort(new Error('changed my mind')),
  });
  await expect(load).rejects.toThrow('changed my mind');
  expect(await readdir(cacheFolder)).toEqual([]);
  await using ovis = await Ovis.load(fixturePath('ovis2-tiny'), { cacheFolder });
  expect((await ovis.generate(hi)).tokens).toHaveLength(3);
});

test('a changed byte in any file is found', async () => {
  const names = (await readdir(bundle)).filter((name) => name !== 'ovis.json');
  for (const name of names) {
    const copy = await damaged(`changed-${name}`, (path) => changeByte(join(path, name)));
    await expect(Ovis.load(copy), name).rejects.toThrow(new RegExp(`${name} has changed`));
    await expect(Ovis.load(copy), name).rejects.toBeInstanceOf(ModelFileError);
  }
});

test('a truncated file, a missing file and another version are refused', async () => {
  const name = (await readdir(bundle)).find((file) => file.endsWith('.onnx')) ?? '';
  const short = await damaged('short', (copy) => truncate(join(copy, name), 10));
  await expect(Ovis.load(short)).rejects.toThrow(/has 10 bytes/);
  const missing = await damaged('missing', (copy) => rm(join(copy, name)));
  await expect(Ovis.load(missing)).rejects.toThrow(/is missing/);
  const version = await damaged('version', async (copy) => {
    const manifest = JSON.parse(await readFile(join(copy, 'ovis.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(copy, 'ovis.json'), JSON.stringify({ ...manifest, version: 99 }));
  });
  await expect(Ovis.load(version)).rejects.toThrow(/bundle version 99/);
});

test('a folder that is no model says what was looked for', async () => {
  await expect(Ovis.load(join(folder, 'nowhere'))).rejects.toThrow(/does not exist.*ovis convert/s);
  const empty = await mkdtemp(join(folder, 'empty-'));
  await expect(Ovis.load(empty)).rejects.toThrow(/neither ovis.json nor config.json/);
});

test('loading can be aborted before and while it runs', async () => {
  await expect(Ovis.load(bundle, { signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
  const stop = new AbortController();
  const load = Ovis.load(bundle, { signal: stop.signal, onProgress: () => stop.abort(new Error('stop')) });
  await expect(load).rejects.toThrow('stop');
});

test('looking at a picture gives tokens on it', async () => {
  await using ovis = await Ovis.load(bundle);
  const look = await ovis.look(fixturePath('ovis2-tiny/images/wide.png'), { maxPartition: 4 });
  expect(look.views.length).toBeGreaterThan(1);
  for (const { rows, columns, words, probabilities, entropy } of look.views) {
    expect(words).toHaveLength(rows * columns * look.wordsPerToken);
    expect(entropy).toHaveLength(rows * columns);
    expect(entropy.every((value) => value >= 0 && value <= Math.log(look.visualWords) + 1e-4)).toBe(true);
    expect(probabilities.every((value) => value >= 0 && value <= 1)).toBe(true);
  }
  const [whole] = look.views;
  // A wide picture is padded above and below in its square.
  expect(whole?.region.left).toBe(0);
  expect(whole?.region.top).toBeLessThan(0);
  expect(whole?.region.width).toBeCloseTo(look.width);
});

test('an explanation is a PNG of three panels', async () => {
  await using ovis = await Ovis.load(bundle);
  const { png, entropyRange } = await explainImage(ovis, fixturePath('ovis2-tiny/images/tall.png'));
  const images = await createSharpDecoder();
  const { height, width } = await images.decode(png);
  expect(height).toBe(640);
  expect((width - 16) % 3).toBe(0);
  expect(entropyRange[1]).toBeGreaterThan(entropyRange[0]);
});
