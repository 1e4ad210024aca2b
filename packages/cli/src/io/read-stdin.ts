import { addAbortSignal } from 'node:stream';
import type { CliIo } from './cli-io.ts';

/**
 * All of standard input.
 *
 * @param maximum - Most bytes that are taken.
 * @throws Error when there are more; `signal.reason` when the command is interrupted.
 */
export async function readStdin({ stdin, signal }: CliIo, maximum: number): Promise<Buffer> {
  signal.throwIfAborted();
  addAbortSignal(signal, stdin);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stdin as AsyncIterable<Uint8Array | string>) {
      const buffer = Buffer.from(chunk);
      bytes += buffer.length;
      if (bytes > maximum) throw new Error(`Standard input has more than ${maximum} bytes, the most that is read.`);
      chunks.push(buffer);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
  return Buffer.concat(chunks);
}
