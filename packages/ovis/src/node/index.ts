// The model
export { Ovis } from './ovis.ts';
export type { LoadOptions } from './load-options.ts';

// Model folders
export { findModel, readManifest, type ModelFolder } from './model-folder.ts';
export { FolderFiles } from './folder-files.ts';

// Looking inside
export { explainImage, type Explanation } from './explain-image.ts';
export { wordSheet, type WordSheet, type WordSheetOptions } from './word-sheet.ts';
export type { UsedWord, WordPlace } from '../look/gather-words.ts';

// How fast it is here
export { benchmarkModel, type BenchmarkOptions } from './benchmark-model.ts';
export { memoryBandwidth } from './memory-bandwidth.ts';
export type {
  Benchmark,
  PictureTime,
  PrefillTime,
  RepeatedTime,
  StagePlan,
  StageTimes,
  StepBytes,
  StepTime,
} from '../benchmark/benchmark-types.ts';

// Whether it works here
export { diagnose } from './diagnose/diagnose.ts';
export type { Diagnosis, DiagnoseOptions, DiagnosisArea, Finding } from './diagnose/diagnosis-types.ts';

// Comparison with the official code
export { traceCase, type TraceOptions } from './trace-case.ts';

// Everything that is the same on all platforms
export * from '../shared.ts';
