import type { Output } from '../io/cli-io.ts';

/** Writes the one JSON object of a command: on one line for programs, indented on a terminal. */
export function writeJson(output: Output, value: unknown): void {
  output.write(`${JSON.stringify(value, null, output.isTTY === true ? 2 : undefined)}\n`);
}
