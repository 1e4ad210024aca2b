// Asking
export type { GenerateRequest, ImageLimits } from './request/generate-request.ts';
export type { ChatMessage, ContentPart, ImagePart, ImageSource, RawImage, TextPart, VideoPart } from '@ovis/core';

// Answers
export type { FinishPart, FinishReason, GenerateResult, StreamPart, Timings, Usage } from './answer/answer-types.ts';

// Looking inside
export type { Look, LookOptions, LookView, Region } from './look/look-types.ts';
export { drawLook, type LookDrawing } from './look/draw-look.ts';
export { heatColour, wordColour, type Colour } from './look/colours.ts';

// Comparing conversions
export type {
  CompareOptions,
  CompareSample,
  Comparison,
  RelativeError,
  SampleComparison,
} from './compare/comparison-types.ts';

// Loading
export type { LoadTimings, OpenOptions } from './open-model.ts';
export type { Verification } from './bundle/verify-files.ts';
export { parseManifest } from './bundle/parse-manifest.ts';
export type { BundleManifest, DeviceInfo, ModelDescription, OnProgress, Progress } from '@ovis/core';

// Errors
export {
  BackendUnavailableError,
  ContextLengthError,
  DisposedError,
  DownloadError,
  GraphContractError,
  ImageError,
  InvalidArgumentError,
  ModelFileError,
  OvisError,
  PromptError,
  RuntimeFailureError,
  ShapeMismatchError,
  StorageError,
  TokenizerError,
  WeightMismatchError,
  type OvisErrorCode,
} from '@ovis/core';
