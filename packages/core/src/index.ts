// Tensors and graphs
export {
  bytesPerElement,
  elementCount,
  float32Tensor,
  int32Tensor,
  int64Tensor,
  sameDims,
  type DataOf,
  type DataType,
  type Tensor,
} from './tensor.ts';
export { copyTensors, tensorOver, zeroTensor } from './tensor-over.ts';
export { returnedTensor, type RuntimeResult } from './returned-tensor.ts';
export type {
  Dim,
  GraphContract,
  GraphSignature,
  NamedTensors,
  AppendedSpec,
  StateSpec,
  SuccessorSpec,
  TensorFor,
  TensorsFor,
  TensorSpec,
} from './graph-contract.ts';
export {
  nativeVisualTokenizerContract,
  tiledVisualTokenizerContract,
  twoScaleVisualTokenizerContract,
  visualTokenizerIntermediates,
} from './contracts/visual-tokenizer.ts';
export { DECODER_CANDIDATES, decoderContract, decoderStepContract } from './contracts/decoder.ts';
export { graphDifferences, type LoadedGraph, type LoadedValue } from './graph-checks/graph-differences.ts';
export { sameStates } from './graph-checks/same-states.ts';
export { copyPositions, writePositions } from './states/copy-positions.ts';
export { firstCapacity, grownCapacity, type StateGrowth } from './states/state-growth.ts';
export { knownShape, stateShape } from './states/state-shape.ts';
export { bindDimensions, boundShape, type BoundDimensions } from './graph-checks/bind-dimensions.ts';

// Backends
export type { Backend, FollowedRun, FollowOptions, GraphSource, RunOptions, Session, SessionState } from './backend.ts';
export { integerProbeModel, probeIntegerProducts, type IntegerProducts } from './integer-products.ts';
export type { DeviceInfo, DeviceKind } from './device.ts';
export { asyncDispose } from './async-dispose.ts';

// Models and bundles
export {
  generationTraits,
  ovisGenerations,
  type GenerationTraits,
  type IndicatorName,
  type OvisGeneration,
  type PromptFormat,
} from './ovis-generation.ts';
export type {
  LanguageModelDescription,
  ModelDescription,
  NativePreprocessing,
  PixelNormalisation,
  ResizeFilter,
  SecondScale,
  TiledPreprocessing,
  VisionDescription,
} from './model-description.ts';
export {
  BUNDLE_VERSION,
  graphFor,
  MANIFEST_FILE,
  weightDtypes,
  type BundleManifest,
  type FileDescription,
  type FileRange,
  type GraphDescription,
  type ModelPart,
  type TableDescription,
  type WeightDtype,
} from './bundle-manifest.ts';
export type { CheckRecord, ModelFiles, RandomAccessFile } from './model-files.ts';

// What travels between stages
export { tokenId, type TokenId } from './token-id.ts';
export type { ImageDecoder, RgbImage } from './rgb-image.ts';
export type {
  ChatMessage,
  ContentPart,
  DecodedPart,
  ImagePart,
  ImageSource,
  RawImage,
  TextPart,
  VideoPart,
} from './chat-message.ts';
export type { InputEmbeddings, PromptLayout, PromptSegment, VisualEmbeddings, VisualItem } from './prompt-layout.ts';
export type { PromptTokenizer } from './prompt-tokenizer.ts';
export { pythonStrip } from './python-strip.ts';
export type { OnProgress, Progress } from './progress.ts';

// Long work without holding the event loop
export { runSteps, type Steps } from './steps/steps.ts';
export { nextTurn } from './steps/next-turn.ts';
export { runCooperatively } from './steps/run-cooperatively.ts';

// Errors
export { OvisError, type OvisErrorCode, type OvisErrorDetails, type OvisErrorOptions } from './errors/ovis-error.ts';
export { InvalidArgumentError } from './errors/invalid-argument-error.ts';
export { ModelFileError } from './errors/model-file-error.ts';
export { WeightMismatchError } from './errors/weight-mismatch-error.ts';
export { GraphContractError } from './errors/graph-contract-error.ts';
export { ShapeMismatchError } from './errors/shape-mismatch-error.ts';
export { TokenizerError } from './errors/tokenizer-error.ts';
export { PromptError } from './errors/prompt-error.ts';
export { ImageError } from './errors/image-error.ts';
export { ContextLengthError } from './errors/context-length-error.ts';
export { BackendUnavailableError } from './errors/backend-unavailable-error.ts';
export { RuntimeFailureError } from './errors/runtime-failure-error.ts';
export { DownloadError } from './errors/download-error.ts';
export { StorageError } from './errors/storage-error.ts';
export { DisposedError } from './errors/disposed-error.ts';
export { fromErrorRecord, toErrorRecord, type ErrorRecord } from './errors/error-record.ts';
