// Every case of the official code, stage by stage, on the product's own path (packages/testing/fixtures/README.md).
import { fixtureCases } from '@ovis/testing';
import type { TraceCase } from '../src/trace/read-case.ts';
import { describeGolden, goldenModels } from './golden-cases.ts';
import { loadFixture } from './load-fixture.ts';

for (const model of goldenModels) describeGolden(model, fixtureCases<TraceCase>(model), loadFixture);
