// Every case of the official code, stage by stage, on the product's own path (packages/testing/fixtures/README.md).
import { asyncDispose } from '@ovis/core';
import { expectClose, fixtureCases, integersOf, tolerancesOf } from '@ovis/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCase, type TraceCase } from '../src/trace/read-case.ts';
import { runCase } from '../src/trace/run-case.ts';
import { loadFixture, type LoadedFixture } from './load-fixture.ts';

/** Training examples, calls of `chat()` and packed weights (converter/test/packed-checkpoints.test.ts) have tests of their own. */
const isCase = (name: string): boolean => !['training-labels', 'chat-history', 'dequantised-weights'].includes(name);

/** Stages inside the decoder are tested where its graph is built (packages/converter/test/next-stages.test.ts). */
const isInside = (tensor: string): boolean =>
  /^(layer_outputs|(delta|attention|moe)_.+|(prefill|decoded)\.\d+\..+)$/.test(tensor);

const models = [
  'ovis1.0-tiny',
  'ovis1.5-tiny',
  'ovis1.5-adaptive-tiny',
  'ovis1.6-gemma2-tiny',
  'ovis1.6-llama3-tiny',
  'ovis2-tiny',
  'ovis2-gptq-int4-tiny',
  'ovis2.5-tiny',
  'ovis2.6-moe-tiny',
  'ovis2.6-next-tiny',
];

describe.each(models)('%s', (model) => {
  let fixture: LoadedFixture;
  beforeAll(async () => {
    fixture = await loadFixture(model);
  });
  afterAll(() => fixture[asyncDispose]());

  const cases = fixtureCases<TraceCase>(model).filter(({ name }) => isCase(name));
  test.each(cases.map((golden) => [golden.name, golden] as const))('%s equals the official code', async (_, golden) => {
    const traced = readCase(JSON.stringify(golden.description), golden.name);
    const found = await runCase(fixture.loaded, traced, fixture.readImage);
    const tolerances = tolerancesOf(model);
    const expectedNames = [...golden.tensors.keys()].filter((name) => !isInside(name)).toSorted();
    expect(Object.keys(found)).toEqual(expect.arrayContaining(expectedNames));
    for (const [name, expected] of golden.tensors) {
      if (isInside(name)) continue;
      const tensor = found[name];
      if (tensor === undefined) throw new Error(`${name} is missing.`);
      expect(tensor.dims, `${name}: dimensions`).toEqual(expected.shape);
      if (tensor.dtype === 'int64') expect(Array.from(tensor.data, Number), name).toEqual(integersOf(expected));
      else expectClose(Array.from(tensor.data, Number), Array.from(expected.data, Number), tolerances[name] ?? 0);
    }
  });
});
