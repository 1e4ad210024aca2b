import type { ErrorRecord, Progress, WeightDtype } from '@ovis/core';

/** What the converting thread is started with. */
export type ConvertTask = {
  readonly checkpoint: string;
  readonly bundle: string;
  readonly dtype: WeightDtype;
  readonly device: 'cpu' | 'webgpu';
  readonly intermediates: boolean;
};

/** What the converting thread tells; `failed` and `done` are its last words. */
export type ConvertReport =
  | { readonly type: 'progress'; readonly progress: Progress }
  | { readonly type: 'failed'; readonly error: ErrorRecord }
  | { readonly type: 'done' };
