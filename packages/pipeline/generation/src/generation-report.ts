import type { TokenId } from '@ovis/core';

/** How a run went; filled in while it goes. Times are in milliseconds. */
export type GenerationReport = {
  /** From the start until the model has read the prompt. */
  readonly prefillMs: number;
  /** From the start until the first token was picked; 0 before that. */
  readonly firstTokenMs: number;
  /** Time of each further step: running the model on the token before, and picking. */
  readonly stepMs: readonly number[];
  /** The token that ended the answer, which is not part of it; null when none has. */
  readonly stopToken: TokenId | null;
};

/** A {@link GenerationReport} that is being written. @internal */
export type GenerationReportDraft = {
  -readonly [K in keyof GenerationReport]: K extends 'stepMs' ? number[] : GenerationReport[K];
};
