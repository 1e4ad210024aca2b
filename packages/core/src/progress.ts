/** State of a long operation. */
export type Progress = {
  /** What is being done, for instance `convert` or `load`. */
  readonly phase: string;
  /** File or part at hand. */
  readonly item: string;
  /** Units done so far, usually bytes. */
  readonly done: number;
  /** Units in all. */
  readonly total: number;
};

/** Receives progress; called often, should return quickly. */
export type OnProgress = (progress: Progress) => void;
