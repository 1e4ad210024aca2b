// The same on WebGPU, by Vulkan in software; skipped where the machine has neither that nor Chromium, which brings it.
// A few cases of every model; all of them, which takes minutes, with OVIS_ALL_CASES=1.
import { fixtureCases } from '@ovis/testing';
import { describe } from 'vitest';
import { useSwiftShader } from '../../../scripts/swiftshader.mjs';
import type { TraceCase } from '../src/trace/read-case.ts';
import { briefCases, describeGolden, goldenModels } from './golden-cases.ts';
import { loadFixture } from './load-fixture.ts';

describe.runIf(await useSwiftShader())('on WebGPU', () => {
  for (const model of goldenModels) {
    const cases = fixtureCases<TraceCase>(model);
    const wanted = process.env['OVIS_ALL_CASES'] === '1' ? cases : briefCases(cases);
    describeGolden(model, wanted, () => loadFixture(model, 'webgpu'));
  }
});
