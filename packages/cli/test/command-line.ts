import { Readable, Writable } from 'node:stream';
import type { CliIo } from '../src/io/cli-io.ts';
import { main } from '../src/main.ts';

/** Surroundings of a command in a test. */
export type Surroundings = {
  readonly stdin?: string | Uint8Array;
  /** Whether stdout and stderr are terminals. */
  readonly terminal?: boolean;
  readonly env?: CliIo['env'];
  readonly signal?: AbortSignal;
};

/** What a command left behind. */
export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** Streams that remember what was written to them. */
export function memoryIo(surroundings: Surroundings = {}): {
  readonly io: CliIo;
  readonly written: () => Omit<Ended, 'code'>;
} {
  const { stdin = '', terminal = false, env = {}, signal = new AbortController().signal } = surroundings;
  const stdout = new MemoryOutput(terminal);
  const stderr = new MemoryOutput(terminal);
  const input = Readable.from(stdin.length === 0 ? [] : [Buffer.from(stdin)]);
  return {
    io: { stdin: input, stdout, stderr, env, signal },
    written: () => ({ stdout: stdout.text, stderr: stderr.text }),
  };
}

/** Runs the command line inside this process. */
export async function ovis(argv: readonly string[], surroundings?: Surroundings): Promise<Ended> {
  const { io, written } = memoryIo(surroundings);
  const code = await main(argv, io);
  return { code, ...written() };
}

class MemoryOutput extends Writable {
  readonly isTTY: boolean;
  readonly columns = 100;
  text = '';

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer | string, _: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}
