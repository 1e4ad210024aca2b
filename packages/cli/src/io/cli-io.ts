import type { Readable } from 'node:stream';

/** A stream of text; a terminal says so. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal in characters. */
  readonly columns?: number | undefined;
};

/** Everything a command touches besides files: pass other streams to run commands inside a program or a test. */
export type CliIo = {
  readonly stdin: Readable;
  /** Results only. */
  readonly stdout: Output;
  /** Progress, reasoning, statistics and errors. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends the command; its reason should be an `Interruption`. */
  readonly signal: AbortSignal;
};
