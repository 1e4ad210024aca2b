// The same on WebGPU, which software stands in for here and takes its time: brief cases of every model.
import { servedCases } from '@ovis/testing/browser';
import type { TraceCase } from '../src/trace/read-case.ts';
import { briefCases, describeGolden, goldenModels } from './golden-cases.ts';
import { openGolden } from './golden-web.ts';

for (const model of goldenModels) {
  describeGolden(model, briefCases(await servedCases<TraceCase>(model)), (name) => openGolden(name, 'webgpu'));
}
