import { DownloadError, ModelFileError, type FileDescription } from '@ovis/core';
import { startSha256, updateWithBlob } from '../sha256.ts';
import type { ModelStore } from '../storage/model-store.ts';
import { partOrigin, markWhole, rememberOrigin } from '../storage/stored-file.ts';
import { Interrupted } from './http-answer.ts';
import { receiveFile, startAgain, type Download, type ReceiveControl } from './receive-file.ts';
import { shownAddress } from './shown-address.ts';

/** Tries in a row that bring little. */
const TRIES = 6;
/** Bytes that make a try worth another row of tries. */
const WORTH = 65_536;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Downloads a file into a store, from where an earlier download stopped. It counts as whole only when its SHA-256 is the
 * manifest's. A broken connection is taken up again, a few times in a row and with growing pauses.
 *
 * @throws DownloadError when the network or server fails for good; what came is kept.
 * @throws ModelFileError when the server's file is not the manifest's; `signal.reason`.
 */
export async function downloadFile(
  file: FileDescription,
  url: URL,
  store: ModelStore,
  control: ReceiveControl,
): Promise<void> {
  const { sha256 } = file;
  const hash = await startSha256();
  const begun = await store.blob(sha256);
  if (begun !== null && begun.size <= file.bytes) await updateWithBlob(hash, begun, { signal: control.signal });
  const writer = await store.append(sha256);
  const download: Download = {
    file,
    url,
    writer,
    hash,
    etag: await partOrigin(store, sha256, url),
    fresh: false,
    kept: store.kind !== 'memory',
  };
  try {
    if (writer.length > 0 && writer.length !== begun?.size) await startAgain(download);
    control.onBytes(writer.length);
    for (let rounds = 1; ; rounds++) {
      if (writer.length < file.bytes) await receiveAll(download, control);
      const found = hash.digest();
      if (found === sha256) break;
      await startAgain(download);
      control.onBytes(0);
      // An old beginning or an old copy in the browser's cache may be to blame; then a second round is right.
      download.fresh = true;
      if (rounds === 2) throw changedFile(file, url, found);
    }
  } finally {
    await rememberOrigin(store, sha256, url, download.etag).catch(() => undefined);
    await writer.close();
  }
  await markWhole(store, file);
}

async function receiveAll(download: Download, control: ReceiveControl): Promise<void> {
  const { writer, file, url } = download;
  for (let failures = 0; ; ) {
    const before = writer.length;
    try {
      await receiveFile(download, control);
      return;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      failures = writer.length - before >= WORTH ? 1 : failures + 1;
      if (failures >= TRIES) {
        throw new DownloadError(
          `${shownAddress(url.href)} was not downloaded: ${error.message} (${TRIES} tries; ${writer.length} of ` +
            `${file.bytes} bytes are there). Check the connection and that the server lets other sites read its files ` +
            '(CORS), and load the model again: the download goes on where it stopped.',
          { cause: error, details: { file: file.path, received: writer.length, expected: file.bytes } },
        );
      }
      const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.75 + Math.random() / 2);
      await control.environment.wait(error.retryAfter ?? pause, control.signal);
    }
  }
}

function changedFile({ path, sha256 }: FileDescription, url: URL, found: string): ModelFileError {
  return new ModelFileError(
    `${shownAddress(url.href)} is not the file of the manifest: its SHA-256 is ${found}, expected ${sha256}. ` +
      'The files on the server do not belong together: upload the whole bundle again.',
    { details: { file: path, found, expected: sha256 } },
  );
}
