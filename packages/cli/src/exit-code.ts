/** How a command ended, as its process tells the shell. */
export const ExitCode = {
  success: 0,
  /** The work failed: a file, a model, a device. */
  failure: 1,
  /** The command line itself is wrong; nothing was loaded or written. */
  wrongUse: 2,
  /** Ctrl-C. */
  interrupted: 130,
  /** The reader of the output went away, as in `ovis run ... | head -1`. */
  outputClosed: 141,
  /** The process was asked to end. */
  terminated: 143,
} as const;
