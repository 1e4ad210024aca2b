import { styleText } from 'node:util';
import type { CliIo, Output } from '../io/cli-io.ts';

/** Colours for one stream, or none. */
export type Style = {
  /** Whether there are colours. */
  readonly coloured: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
};

/** Colours only where a terminal shows them and nobody asked for none (https://no-color.org). */
export function styleOf(output: Output, env: CliIo['env']): Style {
  const coloured = output.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  const paint = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    // Whether to colour is decided above, not by the streams of this process.
    coloured ? styleText(format, text, { validateStream: false }) : text;
  return { coloured, bold: paint('bold'), dim: paint('dim'), red: paint('red'), yellow: paint('yellow') };
}
