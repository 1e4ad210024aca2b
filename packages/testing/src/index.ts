// Golden fixtures
export { fixtureBytes, fixtureCases, fixtureJson, fixturePath } from './fixtures.ts';
export type { FixtureCase } from './fixture-case.ts';
export { integersOf, type StoredTensor } from './parse-safetensors.ts';
export { readSafetensors } from './read-safetensors.ts';

// Backends
export { openFakeBackend, type FakeBackend, type FakeGraph, type FakeMemory } from './backend/fake-backend.ts';
export { describeBackend } from './backend/describe-backend.ts';
export {
  affineGraph,
  attentionGraph,
  branchGraph,
  followingGraph,
  copyGraph,
  sumGraph,
  suiteGraphs,
  type SuiteGraph,
} from './backend/suite-graphs.ts';
export { integerProbeGraph } from './backend/integer-probe-graph.ts';
export { attentionOver } from './backend/attention-over.ts';
export { encodeOnnx, type TestConstant, type TestModel, type TestNode, type TestValue } from './onnx/encode-onnx.ts';

// Comparing numbers
export { tolerancesOf } from './tolerances-of.ts';
export { expectClose } from './matchers/expect-close.ts';
export { tensorDifference, type TensorDifference } from './matchers/tensor-difference.ts';
