import { ModelFileError, type FileDescription } from '@ovis/core';
import type { Sha256 } from '../sha256.ts';
import type { FileWriter } from '../storage/model-store.ts';
import type { WebEnvironment } from '../web-environment.ts';
import { chunksOf, fetchAnswer } from './fetch-answer.ts';
import { checkAnswer, Interrupted } from './http-answer.ts';
import { shownAddress } from './shown-address.ts';

/** A connection that brings nothing for so long is given up. */
const SILENCE_MS = 60_000;

/** A download under way. */
export type Download = {
  readonly file: FileDescription;
  readonly url: URL;
  readonly writer: FileWriter;
  /** Of the bytes that are there. */
  readonly hash: Sha256;
  /** Version of the file on the server that the bytes are of; null when unknown. */
  etag: string | null;
  /** Whether what a browser has cached by itself may be used. */
  fresh: boolean;
  /** Whether storage keeps the file, so that the browser's own cache need not. */
  readonly kept: boolean;
};

/** What happens on the way. */
export type ReceiveControl = {
  readonly environment: WebEnvironment;
  readonly signal: AbortSignal | undefined;
  /** Hears how many bytes are there. */
  readonly onBytes: (bytes: number) => void;
};

/**
 * One request for the rest of a file. Bytes that come are kept, whatever ends it.
 *
 * @throws Interrupted when another request may get further; DownloadError, ModelFileError; `signal.reason`.
 */
export async function receiveFile(download: Download, control: ReceiveControl): Promise<void> {
  const { file, url, writer, kept } = download;
  const { environment, signal, onBytes } = control;
  const offset = writer.length;
  const silence = new AbortController();
  const alarm = silenceAlarm(silence);
  try {
    const response = await fetchAnswer(environment, url, {
      headers: rangeHeaders(download, environment.origin),
      cache: download.fresh ? 'reload' : kept ? 'no-store' : 'default',
      signal: signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 416) {
      await startAgain(download);
      throw new Interrupted('the server has fewer bytes than were there already');
    }
    checkAnswer(response, file, { offset, origin: environment.origin });
    const etag = response.headers.get('etag');
    if (offset > 0) {
      const changed = etag !== null && download.etag !== null && etag !== download.etag;
      // A whole file in answer to a part: the server knows no parts, or has another version.
      if (response.status === 200) await startAgain(download);
      else if (changed) {
        await response.body?.cancel();
        await startAgain(download);
        throw new Interrupted('the file on the server has changed');
      }
    }
    download.etag = etag;
    for await (const bytes of chunksOf(response)) {
      alarm.reset();
      if (writer.length + bytes.length > file.bytes) throw tooLong(response, file);
      await writer.write(bytes);
      download.hash.update(bytes);
      onBytes(writer.length);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (silence.signal.aborted) throw new Interrupted(`nothing came for ${SILENCE_MS / 1000} seconds`);
    throw error;
  } finally {
    alarm.stop();
  }
  if (writer.length < file.bytes) throw new Interrupted(`the connection ended after ${writer.length} bytes`);
}

/** Forgets what is there. */
export async function startAgain({ writer, hash }: Download): Promise<void> {
  await writer.clear();
  hash.reset();
}

/** `Range` is allowed to every server; `If-Range` would make a browser ask other origins for permission first. */
function rangeHeaders({ writer, etag, url }: Download, origin: string | null): Record<string, string> {
  if (writer.length === 0) return {};
  const strong = etag !== null && !etag.startsWith('W/');
  return {
    Range: `bytes=${writer.length}-`,
    ...(strong && url.origin === origin ? { 'If-Range': etag } : {}),
  };
}

function silenceAlarm(controller: AbortController) {
  const start = () => setTimeout(() => controller.abort(), SILENCE_MS);
  let timer = start();
  const stop = () => clearTimeout(timer);
  return {
    stop,
    reset: () => {
      stop();
      timer = start();
    },
  };
}

function tooLong({ url }: Response, { path, bytes }: FileDescription): ModelFileError {
  return new ModelFileError(
    `${shownAddress(url)} has more than the ${bytes} bytes that the manifest says. The files on the server do ` +
      'not belong together: upload the whole bundle again.',
    { details: { file: path, expected: bytes } },
  );
}
