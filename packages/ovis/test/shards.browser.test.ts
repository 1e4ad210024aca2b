// Weights in several files, on WebAssembly.
import { bundleUrl, servedCases, servedJson } from '@ovis/testing/browser';
import { expect, test } from 'vitest';
import { briefCases, describeGolden } from './golden-cases.ts';
import { openGolden } from './golden-web.ts';
import type { TraceCase } from '../src/trace/read-case.ts';

const model = 'ovis2-tiny';
const shardBytes = 65_536;

test('the bundle has many files of weights', async () => {
  const address = new URL('ovis.json', bundleUrl(model, { intermediates: true, shardBytes }));
  const { graphs } = await servedJson<{ graphs: { decoder: { externalData: readonly string[] } } }>(
    address.pathname.slice(1),
  );
  expect(graphs.decoder.externalData.length).toBeGreaterThan(3);
});

describeGolden(model, briefCases(await servedCases<TraceCase>(model)), (name) =>
  openGolden(name, 'wasm', { shardBytes }),
);
