import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertCheckpoint } from '@ovis/converter';
import { InvalidArgumentError, type Progress } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { benchmarkModel } from '../src/node/benchmark-model.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-benchmark-'));
  await convertCheckpoint(fixturePath('ovis2-tiny'), join(folder, 'tiles'));
  await convertCheckpoint(fixturePath('ovis2.5-tiny'), join(folder, 'native'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each(['tiles', 'native'])('measures every stage of a model of %s', async (bundle) => {
  const heard: Progress[] = [];
  const plan = { prefill: [40, 8], decode: [16, 8], steps: 3, repeat: 2 };
  const measured = await benchmarkModel(join(folder, bundle), { ...plan, onProgress: (step) => heard.push(step) });
  expect(measured.prefill.map(({ length }) => length)).toEqual([8, 40]);
  expect(measured.decode.map(({ context }) => context)).toEqual([8, 16]);
  const times = [
    ...measured.prefill.map(({ ms }) => ms),
    ...measured.decode.map(({ ms }) => ms),
    ...(measured.picture === null ? [] : [measured.picture.prepareMs, measured.picture.visionMs]),
  ];
  expect(times).toHaveLength(6);
  for (const { all, fastest, median, slowest } of times) {
    expect(all).toHaveLength(2);
    expect(fastest).toBeGreaterThan(0);
    expect(median).toBeGreaterThanOrEqual(fastest);
    expect(slowest).toBeGreaterThanOrEqual(median);
  }
  expect(measured.picture?.visualTokens).toBeGreaterThan(0);
  expect(measured.device).toMatchObject({ kind: 'cpu', threads: expect.any(Number) });
  expect(measured.memory.peakBytes).toBeGreaterThanOrEqual(measured.memory.loadedBytes);
  const steps = heard.filter(({ phase }) => phase === 'measure');
  // Three lengths and a picture, twice, and the end.
  expect(steps.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(steps.every(({ total }) => total === 8)).toBe(true);
});

test('what one step reads follows from the files and the states', async () => {
  const { stepBytes, manifest } = await benchmarkModel(join(folder, 'tiles'), {
    prefill: [],
    decode: [],
    picture: false,
  });
  const { layers, keyValueHeads, headSize } = manifest.model.language;
  expect(stepBytes.perPosition).toBe(2 * layers * keyValueHeads * headSize * 4);
  const sizes = manifest.files.filter(({ path }) => /^decoder.*\.data$/.test(path)).map(({ bytes }) => bytes);
  expect(stepBytes.weights).toBe(sizes.reduce((sum, bytes) => sum + bytes, 0));
  expect(stepBytes.weights).toBeGreaterThan(0);
});

test('a graph for single steps reads its own files', async () => {
  await convertCheckpoint(fixturePath('ovis2-tiny'), join(folder, 'steps'), { dtype: 'int4' });
  const { stepBytes, manifest } = await benchmarkModel(join(folder, 'steps'), {
    prefill: [],
    decode: [],
    picture: false,
  });
  const sizeOf = (file: string) => manifest.files.find(({ path }) => path === file)?.bytes;
  expect(manifest.graphs.decoderStep?.externalData).toContain('decoder-step.data');
  expect(stepBytes.weights).toBe(sizeOf('decoder-step.data'));
});

test('the model is loaded as the options say', async () => {
  const plan = { prefill: [], decode: [], picture: false, memoryBandwidth: false };
  const { device } = await benchmarkModel(join(folder, 'tiles'), { ...plan, threads: 1, spinning: 'off' });
  expect(device.threads).toBe(1);
  expect(device.reasons).toContain('waiting threads sleep: asked for');
});

test('a length that the model cannot hold is refused', async () => {
  await expect(benchmarkModel(join(folder, 'tiles'), { prefill: [1e9] })).rejects.toBeInstanceOf(InvalidArgumentError);
});

test('an aborted measurement ends with the reason', async () => {
  const stop = new AbortController();
  const onProgress = ({ phase, done }: Progress): void => {
    if (phase === 'measure' && done === 1) stop.abort(new Error('enough'));
  };
  const plan = { prefill: [8, 16], decode: [], repeat: 100, onProgress, signal: stop.signal };
  await expect(benchmarkModel(join(folder, 'tiles'), plan)).rejects.toThrow('enough');
});
