// The same on WebGPU, by Vulkan in software; skipped where the machine has neither that nor Chromium, which brings it.
import { fixtureCases } from '@ovis/testing';
import { describe } from 'vitest';
import { useSwiftShader } from '../../../scripts/swiftshader.mjs';
import type { TraceCase } from '../src/trace/read-case.ts';
import { describeGolden, goldenModels } from './golden-cases.ts';
import { loadFixture } from './load-fixture.ts';

describe.runIf(await useSwiftShader())('on WebGPU', () => {
  for (const model of goldenModels) {
    describeGolden(model, fixtureCases<TraceCase>(model), () => loadFixture(model, 'webgpu'));
  }
});
