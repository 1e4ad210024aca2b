// `ovis trace` on every case of the official code, read back from the file it writes (packages/testing/fixtures/README.md).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  expectClose,
  fixtureCases,
  fixturePath,
  integersOf,
  readSafetensors,
  tolerancesOf,
  type StoredTensor,
} from '@ovis/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ovis } from './command-line.ts';

/** Labels of the trainer, and a conversation of several calls, are not what one trace is. */
const isTraced = (name: string): boolean => name !== 'training-labels' && name !== 'chat-history';

const caseFile = (model: string, name: string) => fixturePath(`${model}/cases/${name}/case.json`);

describe.each(['ovis2-tiny', 'ovis2.5-tiny'])('tracing %s', (model) => {
  let folder: string;
  let bundle: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovis-cli-'));
    bundle = join(folder, 'bundle');
    const { code, stderr } = await ovis(['convert', fixturePath(model), bundle, '--dtype', 'f32', '--intermediates']);
    if (code !== 0) throw new Error(stderr);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const golden = fixtureCases(model).filter(({ name }) => isTraced(name));
  const named = golden.map(({ name, tensors }) => [name, tensors] as const);
  test.each(named)('%s gives the tensors of the official code', async (name, tensors) => {
    const out = join(folder, `${name}.safetensors`);
    const { code, stderr } = await ovis(['trace', bundle, '--case', caseFile(model, name), '--out', out]);
    expect(code, stderr).toBe(0);
    expectTensors(readSafetensors(out), tensors, model);
  });

  test('a checkpoint is taken in float32 with all stages visible', async () => {
    const out = join(folder, 'from-checkpoint.safetensors');
    const argv = ['trace', fixturePath(model), '--case', caseFile(model, 'single-wide'), '--out', out, '--json'];
    const { code, stdout, stderr } = await ovis(argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const { tensors } = JSON.parse(stdout) as { tensors: { name: string }[] };
    expect(tensors.map(({ name }) => name)).toContain('vit_features');
    const single = golden.find(({ name }) => name === 'single-wide');
    expectTensors(readSafetensors(out), single?.tensors ?? new Map(), model);
  });
});

function expectTensors(
  found: ReadonlyMap<string, StoredTensor>,
  golden: ReadonlyMap<string, StoredTensor>,
  model: string,
): void {
  const tolerances = tolerancesOf(model);
  expect([...found.keys()]).toEqual(expect.arrayContaining([...golden.keys()]));
  for (const [name, expected] of golden) {
    const actual = found.get(name);
    expect({ name, dtype: actual?.dtype, shape: actual?.shape }).toEqual({
      name,
      dtype: expected.dtype,
      shape: expected.shape,
    });
    if (expected.dtype === 'I64') expect(integersOf(actual), name).toEqual(integersOf(expected));
    else expectClose(numbersOf(actual), numbersOf(expected), tolerances[name] ?? 0);
  }
}

function numbersOf(tensor: StoredTensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('Expected a tensor of floats.');
  return tensor.data;
}
