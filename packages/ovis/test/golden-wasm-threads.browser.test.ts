// The same with several threads, which a page has only where it is cross-origin isolated.
import { servedCases } from '@ovis/testing/browser';
import type { TraceCase } from '../src/trace/read-case.ts';
import { briefCases, describeGolden, goldenModels } from './golden-cases.ts';
import { openGolden } from './golden-web.ts';

for (const model of goldenModels) {
  const cases = briefCases(await servedCases<TraceCase>(model));
  describeGolden(model, cases, (name) => openGolden(name, 'wasm', { threads: 2 }));
}
