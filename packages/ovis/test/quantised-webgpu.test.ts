// Bundles of int8 and int4 for WebGPU: the adapter (Vulkan in software) is as near to float32 as a processor with the same graphs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { convertCheckpoint } from '@ovis/converter';
import { asyncDispose } from '@ovis/core';
import { fixtureCases, fixturePath } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { useSwiftShader } from '../../../scripts/swiftshader.mjs';
import { FolderFiles } from '../src/node/folder-files.ts';
import { readPath } from '../src/node/read-path.ts';
import { openModel } from '../src/open-model.ts';
import { readCase, type TraceCase } from '../src/trace/read-case.ts';
import { runCase } from '../src/trace/run-case.ts';

/** Each device rounds activations to 8 bits in its own way, 0.4 % of a product. */
const TOLERANCE = 0.01;

describe.runIf(await useSwiftShader())('on WebGPU', () => {
  test.each([
    ['ovis2.5-tiny', 'int8'],
    ['ovis2.6-moe-tiny', 'int4'],
  ] as const)('%s in %s', async (model, dtype) => {
    const folder = await mkdtemp(join(tmpdir(), 'ovis-webgpu-'));
    try {
      const bundle = join(folder, 'bundle');
      await convertCheckpoint(fixturePath(model), bundle, { dtype, device: 'webgpu' });
      const golden = goldenOf(model).tensors;
      const cpu = await tensorsOn('cpu', bundle, model);
      const webgpu = await tensorsOn('webgpu', bundle, model);
      for (const name of ['visual_embeds', 'prefill_logits']) {
        const exact = golden.get(name)?.data;
        const [onCpu, onWebGpu] = [
          relativeDifference(cpu[name]?.data, exact),
          relativeDifference(webgpu[name]?.data, exact),
        ];
        expect(onWebGpu, name).toBeLessThan(2 * onCpu + TOLERANCE);
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

function goldenOf(model: string) {
  const golden = fixtureCases<TraceCase>(model).find(({ name }) => name === 'single-wide');
  if (golden === undefined) throw new Error(`${model} has no such case.`);
  return golden;
}

async function tensorsOn(device: 'cpu' | 'webgpu', bundle: string, model: string) {
  const golden = goldenOf(model);
  const images = await createSharpDecoder();
  const backend = await openNodeBackend({ device, threads: 1 });
  const loaded = await openModel({ backend, files: new FolderFiles(bundle) });
  try {
    const traced = readCase(JSON.stringify({ ...golden.description, max_new_tokens: 1 }), golden.name);
    return await runCase(loaded, traced, async (name) =>
      images.decode(await readPath(fixturePath(`${model}/images/${name}`))),
    );
  } finally {
    await loaded.dispose();
    await backend[asyncDispose]();
  }
}

/** Root of the squared difference over that of the squares. */
function relativeDifference(
  actual: ArrayLike<number | bigint> = [],
  expected: ArrayLike<number | bigint> = [],
): number {
  let [difference, whole] = [0, 0];
  for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
    const wanted = Number(expected[index]);
    difference += (Number(actual[index]) - wanted) ** 2;
    whole += wanted ** 2;
  }
  return Math.sqrt(difference / whole);
}
