// Every case of the official code, stage by stage, on the product's own path on WebGPU.
import { servedCases } from '@ovis/testing/browser';
import type { TraceCase } from '../src/trace/read-case.ts';
import { describeGolden, goldenModels } from './golden-cases.ts';
import { openGolden } from './golden-web.ts';

for (const model of goldenModels) {
  describeGolden(model, await servedCases<TraceCase>(model), (name) => openGolden(name, 'webgpu'));
}
