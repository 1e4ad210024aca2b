import { asyncDispose } from '@ovis/core';
// Both entries of @ovis/testing have these; the one for pages needs no Node.
import { expectClose, integersOf, tolerancesOf, type FixtureCase } from '@ovis/testing/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LoadedModel } from '../src/open-model.ts';
import { readCase, type TraceCase } from '../src/trace/read-case.ts';
import { runCase, type CaseImageReader } from '../src/trace/run-case.ts';

/** Fixtures that are whole models (packages/testing/fixtures/README.md): every generation. */
export const goldenModels = [
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
] as const;

/** A fixture checkpoint, converted in float32 with all stages visible, and loaded. */
export type GoldenModel = AsyncDisposable & {
  readonly loaded: LoadedModel;
  /** Reads a picture of the fixture. */
  readonly readImage: CaseImageReader;
};

/** Training examples, calls of `chat()` and packed weights (converter/test/packed-checkpoints.test.ts) have tests of their own. */
const isCase = (name: string): boolean => !['training-labels', 'chat-history', 'dequantised-weights'].includes(name);

/** One prompt of text and one with a picture; enough where software stands in for a graphics adapter and takes its time. */
export function briefCases<T>(cases: readonly FixtureCase<T>[]): readonly FixtureCase<T>[] {
  return cases.filter(({ name }) => name === 'text-only' || name === 'single-wide');
}

/** Stages inside the decoder are tested where its graph is built (packages/converter/test/next-stages.test.ts). */
const isInside = (tensor: string): boolean =>
  /^(layer_outputs|(delta|attention|moe)_.+|(prefill|decoded)\.\d+\..+)$/.test(tensor);

/** Tests that every case of a fixture equals the official code, stage by stage, on the product's own path. */
export function describeGolden(
  model: string,
  cases: readonly FixtureCase<TraceCase>[],
  open: (model: string) => Promise<GoldenModel>,
): void {
  describe(`${model} of the official code`, () => {
    let fixture: GoldenModel;
    beforeAll(async () => {
      fixture = await open(model);
    });
    afterAll(() => fixture[asyncDispose]());

    const wanted = cases.filter(({ name }) => isCase(name)).map((golden) => [golden.name, golden] as const);
    test.each(wanted)('%s equals the official code', async (_, golden) => {
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
}
