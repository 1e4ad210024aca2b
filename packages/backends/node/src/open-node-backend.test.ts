import {
  asyncDispose,
  BackendUnavailableError,
  float32Tensor,
  int32Tensor,
  InvalidArgumentError,
  ModelFileError,
  type GraphSignature,
  type GraphSource,
} from '@ovis/core';
import {
  affineGraph,
  attentionGraph,
  attentionOver,
  branchGraph,
  describeBackend,
  encodeOnnx,
  expectClose,
  followingGraph,
} from '@ovis/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useSwiftShader } from '../../../../scripts/swiftshader.mjs';
import { openNodeBackend } from './open-node-backend.ts';

describeBackend('onnxruntime-node, states in place', () => openNodeBackend({ device: 'cpu', threads: 1 }), {
  follows: true,
});
describeBackend('onnxruntime-node, states copied', () => openNodeBackend({ threads: 1, stateUpdates: 'copy' }));

describe.runIf(await useSwiftShader())('Vulkan in software', () => {
  describeBackend('onnxruntime-node, WebGPU', () => openNodeBackend({ device: 'webgpu' }));
  describeBackend('onnxruntime-node, WebGPU, states copied', () =>
    openNodeBackend({ device: 'webgpu', stateUpdates: 'copy' }),
  );

  test('the device says what it leaves to the processor', async () => {
    await using backend = await openNodeBackend({ device: 'webgpu' });
    expect(backend.device.kind).toBe('webgpu');
    expect(backend.device.reasons).toContain('keys and values stay on the device');
    expect(backend.device.reasons.join()).toMatch(/attention runs on the CPU: this adapter computed it wrongly/u);
  });
});

describe('openNodeBackend', () => {
  test('says what it chose and why', async () => {
    await using backend = await openNodeBackend();
    expect(backend.device.kind).toBe('cpu');
    expect(backend.device.runtime).toMatch(/^onnxruntime-node \d+\.\d+\.\d+$/u);
    expect(backend.device.reasons).toContain('keys and values are appended in place: this runtime passed the probe');
    expect(process.env['ORT_DISABLE_TELEMETRY']).toBe('1');
  });

  test('computes with threads that sleep, too', async () => {
    await using backend = await openNodeBackend({ spinning: 'off' });
    expect(backend.device.reasons).toContain('waiting threads sleep: asked for');
    await using session = await backend.openSession(
      sourceOf(affineGraph.source),
      affineGraph.signature,
      affineGraph.signature,
    );
    const { doubled } = await session.run({ x: float32Tensor(Float32Array.of(1, 2), [1, 2]) });
    expect([...doubled.data]).toEqual([2, 4]);
  });

  test.each([
    { device: 'tpu' as 'cpu' },
    { threads: 0 },
    { threads: 1.5 },
    { threads: Number.NaN },
    { spinning: 'yes' as 'on' },
    { stateUpdates: 'x' as 'copy' },
  ])('refuses %j', async (options) => {
    await expect(openNodeBackend(options)).rejects.toThrow(InvalidArgumentError);
  });

  test('refuses a device that this machine cannot start', async () => {
    // No machine has CUDA where the install script of onnxruntime-node did not run.
    const opening = openNodeBackend({ device: 'cuda' });
    await expect(opening).rejects.toThrow(BackendUnavailableError);
    await expect(opening).rejects.toThrow(/Device cuda cannot start: .* Use device 'cpu'/u);
  });

  test('gives the reason of an abort, before and while it opens', async () => {
    await expect(openNodeBackend({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    const controller = new AbortController();
    const opening = openNodeBackend({ signal: controller.signal });
    setTimeout(() => {
      controller.abort('enough');
    }, 5);
    await expect(opening).rejects.toBe('enough');
  });

  test('keeps the event loop free while a graph runs', async () => {
    await using backend = await openNodeBackend({ threads: 1 });
    await using session = await backend.openSession(sourceOf(slowModel), slowSignature, slowSignature);
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    const start = performance.now();
    await session.run({ x: float32Tensor(new Float32Array(1500 * 1500), [1500, 1500]) });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan((performance.now() - start) / 5 / 4);
  });
});

describe.each(['auto', 'copy'] as const)('a graph that attends in two ways, states %s', (stateUpdates) => {
  test('goes on from what either way wrote, and from what other graphs wrote', async () => {
    await using backend = await openNodeBackend({ threads: 1, stateUpdates });
    const open = ({ source, signature }: typeof branchGraph) =>
      backend.openSession(sourceOf(source), signature, signature);
    await using branches = await open(branchGraph);
    await using whole = await open(attentionGraph);
    await using state = await branches.createState(9);
    const rows = Float32Array.from({ length: 9 * 8 }, (_, index) => Math.sin(index * 1.7));
    const steps = [
      [branches, 0, 1],
      [branches, 1, 4],
      [branches, 4, 5],
      [whole, 5, 6],
      [branches, 6, 7],
      [whole, 7, 9],
    ] as const;
    for (const [session, start, end] of steps) {
      const x = float32Tensor(rows.subarray(start * 8, end * 8), [1, end - start, 8]);
      const lengths = { last_position: int32Tensor([end - 1]), total_length: int32Tensor([end]) };
      const { y } = await session.run({ x, ...lengths }, { state });
      expectClose(y.data.subarray(-8), attentionOver(rows, end, 8), 1e-5);
    }
  });
});

describe('runs that follow from each other', () => {
  const inputs = () => ({
    x: float32Tensor(
      Float32Array.from({ length: 8 }, (_, index) => Math.sin(index + 1)),
      [1, 1, 8],
    ),
    last_position: int32Tensor([0]),
    total_length: int32Tensor([1]),
  });
  const runs = 50_000;
  const openBoth = async () => {
    const backend = await openNodeBackend({ threads: 1 });
    const { source, signature } = followingGraph;
    const session = await backend.openSession(sourceOf(source), signature, signature);
    if (session.follow === null) throw new Error('States in place should let runs follow.');
    const state = await session.createState(runs);
    return { backend, session, follow: session.follow, state };
  };

  const countOf = async (following: AsyncIterable<unknown>) => {
    let count = 0;
    for await (const _ of following) count++;
    return count;
  };

  test('make way for other calls of the same thread, and can be gone on with', async () => {
    const { backend, session, follow, state } = await openBoth();
    await using other = await session.createState(1);
    let waiting: Promise<unknown> | null = null;
    let count = 0;
    for await (const _ of follow(inputs(), { state, runs, until: [] })) {
      count++;
      waiting ??= session.run(inputs(), { state: other });
    }
    await waiting;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(runs);
    await backend[asyncDispose]();
  });

  test('do not go on for long when nobody takes what they give', async () => {
    const { backend, follow, state } = await openBoth();
    const following = follow(inputs(), { state, runs, until: [] });
    await following.next();
    await new Promise((resolve) => {
      setTimeout(resolve, 800);
    });
    expect(1 + (await countOf(following))).toBeLessThan(runs);
    await backend[asyncDispose]();
  });

  test('end when their backend is closed', async () => {
    const { backend, follow, state } = await openBoth();
    const following = follow(inputs(), { state, runs, until: [] });
    await following.next();
    await backend[asyncDispose]();
    expect(1 + (await countOf(following))).toBeLessThan(runs);
  });
});

test('two thousand steps in place leave no memory behind', async () => {
  await using backend = await openNodeBackend({ device: 'cpu', threads: 1 });
  const { source, signature } = branchGraph;
  await using session = await backend.openSession(sourceOf(source), signature, signature);
  await using state = await session.createState(50_000); // 3 MB that a copying runtime would leave behind at every step
  const step = async (end: number) => {
    const lengths = { last_position: int32Tensor([end - 1]), total_length: int32Tensor([end]) };
    await session.run({ x: float32Tensor(new Float32Array(8).fill(end), [1, 1, 8]), ...lengths }, { state });
  };
  for (let end = 1; end <= 200; end++) await step(end);
  const before = process.memoryUsage.rss();
  for (let end = 201; end <= 2200; end++) await step(end);
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
});

describe('graphs with external data', () => {
  let folder: string;
  const weights = new Uint8Array(Float32Array.of(10, 20).buffer);
  const model = externalModel();
  const signature = affineGraph.signature;
  const path = () => ({ kind: 'path', path: join(folder, 'graph.onnx') }) as const;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovis-backend-'));
    await writeFile(join(folder, 'graph.onnx'), model);
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  async function shifted(source: GraphSource): Promise<number[]> {
    await using backend = await openNodeBackend({ threads: 1 });
    await using session = await backend.openSession(source, signature, signature);
    return [...(await session.run({ x: float32Tensor(Float32Array.of(1, 2), [1, 2]) })).shifted.data];
  }

  test('are loaded from a path', async () => {
    await writeFile(join(folder, 'weights.bin'), weights);
    expect(await shifted(path())).toEqual([11, 22]);
  });

  test.each([
    ['bytes', weights],
    ['a Blob', new Blob([weights])],
  ])('are loaded from %s', async (_, data) => {
    expect(await shifted({ kind: 'bytes', model, externalData: [{ location: 'weights.bin', data }] })).toEqual([
      11, 22,
    ]);
    expect(weights.byteLength).toBe(8);
  });

  test('are refused when the data is shorter than the graph says, or missing', async () => {
    await writeFile(join(folder, 'weights.bin'), weights.subarray(0, 4));
    await expect(shifted(path())).rejects.toThrow(ModelFileError);
    await rm(join(folder, 'weights.bin'));
    await expect(shifted(path())).rejects.toThrow(ModelFileError);
  });

  test('are refused when there is no file', async () => {
    await expect(shifted({ kind: 'path', path: join(folder, 'none.onnx') })).rejects.toThrow(/There is no graph at/u);
  });

  test('do not end the backend when they are refused', async () => {
    await using backend = await openNodeBackend({ threads: 1 });
    const broken: GraphSource = { kind: 'bytes', model: model.subarray(0, 50), externalData: [] };
    await expect(backend.openSession(broken, signature, signature)).rejects.toThrow(ModelFileError);
    const session = await backend.openSession(sourceOf(affineGraph.source), signature, signature);
    await session[asyncDispose]();
  });
});

function sourceOf(model: Uint8Array): GraphSource {
  return { kind: 'bytes', model, externalData: [] };
}

const slowSignature = {
  inputs: { x: { dtype: 'float32', shape: ['S', 'S'] } },
  outputs: { y: { dtype: 'float32', shape: ['S', 'S'] } },
  state: [],
} as const satisfies GraphSignature;

/** Two products of large matrices, a few tenths of a second. */
const slowModel = encodeOnnx({
  nodes: [
    { operator: 'MatMul', inputs: ['x', 'x'], outputs: ['xx'] },
    { operator: 'MatMul', inputs: ['xx', 'x'], outputs: ['y'] },
  ],
  inputs: [{ name: 'x', ...slowSignature.inputs.x }],
  outputs: [{ name: 'y', ...slowSignature.outputs.y }],
});

/** The affine graph with its constant `[10, 20]` in `weights.bin`. */
function externalModel(): Uint8Array {
  const { inputs, outputs } = affineGraph.signature;
  return encodeOnnx({
    nodes: [
      { operator: 'Add', inputs: ['x', 'x'], outputs: ['doubled'] },
      { operator: 'Add', inputs: ['x', 'w'], outputs: ['shifted'] },
    ],
    constants: [{ name: 'w', dtype: 'float32', dims: [2], external: { location: 'weights.bin', length: 8 } }],
    inputs: [{ name: 'x', ...inputs.x }],
    outputs: [
      { name: 'doubled', ...outputs.doubled },
      { name: 'shifted', ...outputs.shifted },
    ],
  });
}
