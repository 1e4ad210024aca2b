import type { CliIo } from '../io/cli-io.ts';
import { styleOf, type Style } from '../output/style.ts';
import { visibleControls } from '../output/visible-controls.ts';

/**
 * Writes an answer as it comes: the text to stdout, the reasoning to stderr, dimmed where there are colours and
 * between tags elsewhere.
 */
export class AnswerWriter {
  readonly #io: CliIo;
  readonly #style: Style;
  readonly #showReasoning: boolean;
  #reasoning = false;
  #last = '\n';

  constructor(io: CliIo, { reasoning }: { readonly reasoning: boolean }) {
    this.#io = io;
    this.#style = styleOf(io.stderr, io.env);
    this.#showReasoning = reasoning;
  }

  reasoning(text: string): void {
    if (!this.#showReasoning) return;
    const { stderr } = this.#io;
    if (!this.#reasoning && !this.#style.coloured) stderr.write('<think>\n');
    this.#reasoning = true;
    stderr.write(this.#style.dim(stderr.isTTY === true ? visibleControls(text) : text));
  }

  text(text: string): void {
    const { stdout } = this.#io;
    this.#endReasoning();
    this.#last = text;
    // A file gets exactly what the model said; a terminal does not obey it.
    stdout.write(stdout.isTTY === true ? visibleControls(text) : text);
  }

  /** Ends the last line, also of an answer that was cut off. */
  end(): void {
    this.#endReasoning();
    if (!this.#last.endsWith('\n')) this.#io.stdout.write('\n');
    this.#last = '\n';
  }

  #endReasoning(): void {
    if (!this.#reasoning) return;
    this.#io.stderr.write(this.#style.coloured ? '\n\n' : '\n</think>\n');
    this.#reasoning = false;
  }
}
