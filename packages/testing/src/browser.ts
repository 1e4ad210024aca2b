// What of this package works on a page (tests called *.browser.test.ts).

// Files that the test server serves
export { bundleUrl, servedBytes, servedCases, servedJson, servedUrl, type BundleChoice } from './served-files.ts';
export { integersOf, parseSafetensors, type StoredTensor } from './parse-safetensors.ts';
export type { FixtureCase } from './fixture-case.ts';

// Backends
export { describeBackend } from './backend/describe-backend.ts';
export {
  affineGraph,
  attentionGraph,
  copyGraph,
  sumGraph,
  suiteGraphs,
  type SuiteGraph,
} from './backend/suite-graphs.ts';
export { encodeOnnx, type TestConstant, type TestModel, type TestNode, type TestValue } from './onnx/encode-onnx.ts';

// Comparing numbers
export { tolerancesOf } from './tolerances-of.ts';
export { expectClose } from './matchers/expect-close.ts';
export { tensorDifference, type TensorDifference } from './matchers/tensor-difference.ts';
