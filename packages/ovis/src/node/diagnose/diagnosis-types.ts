import type { Progress } from '@ovis/core';
import type { LoadOptions } from '../load-options.ts';

/** What a finding is about. */
export type DiagnosisArea =
  | 'node'
  | 'pictures'
  | 'processor'
  | 'cpu'
  | 'webgpu'
  | 'cuda'
  | 'cache'
  | 'memory'
  | 'model'
  | 'files'
  | 'run';

/** One thing that was looked at. */
export type Finding = {
  readonly area: DiagnosisArea;
  /** `good`: works. `note`: absent or slower, but nothing that was asked for needs it. `bad`: must change first. */
  readonly state: 'good' | 'note' | 'bad';
  /** What was found, one short sentence; for `bad` with the way out. */
  readonly text: string;
  /** More of it, one short sentence each. */
  readonly more: readonly string[];
  /** The same for programs. */
  readonly details: Readonly<Record<string, unknown>>;
};

/** What works here and what does not. */
export type Diagnosis = {
  /** Whether nothing that was asked for is `bad`. */
  readonly works: boolean;
  readonly findings: readonly Finding[];
};

/** What to look at. */
export type DiagnoseOptions = Pick<LoadOptions, 'threads' | 'cacheFolder'> & {
  /** Folder of a bundle or a checkpoint that shall run here; null looks at the machine only. Default: null. */
  readonly model?: string | null | undefined;
  /** The device it shall run on; another one being absent is a note. Default: `cpu`. */
  readonly device?: 'cpu' | 'webgpu' | 'cuda' | undefined;
  /** Hears of every step, and of files while they are hashed. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
};
