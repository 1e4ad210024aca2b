// The command line as a function
export { main } from './main.ts';
export { ExitCode } from './exit-code.ts';

// What it reads and writes
export type { CliIo, Output } from './io/cli-io.ts';
export { processIo } from './io/process-io.ts';
export { Interruption } from './io/interruption.ts';
