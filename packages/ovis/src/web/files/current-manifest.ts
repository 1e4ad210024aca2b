import { DownloadError, MANIFEST_FILE, ModelFileError, type BundleManifest } from '@ovis/core';
import { parseManifest } from '../../bundle/parse-manifest.ts';
import type { BundleAddress } from './bundle-address.ts';
import { chunksOf, fetchAnswer } from './download/fetch-answer.ts';
import { checkAnswer, Interrupted } from './download/http-answer.ts';
import { shownAddress } from './download/shown-address.ts';
import type { ModelRecord } from './storage/model-records.ts';
import type { WebEnvironment } from './web-environment.ts';

/** Larger manifests are refused while they arrive; the same bound as for parsed ones. */
const MAX_BYTES = 2 ** 24;
const TRIES = 4;
const PAUSE_MS = 500;
/** A server that does not answer holds up nobody who has the model already. */
const PATIENCE_MS = { stored: 8000, first: 60_000 };

/** The manifest that counts now. */
export type CurrentManifest = {
  readonly manifest: BundleManifest;
  /** As it was written. */
  readonly text: string;
  /** Why the stored one is used although the server was asked; null where the server's is. */
  readonly offline: unknown;
};

/**
 * Asks the server for the manifest; what is stored of a whole model serves when the server cannot be reached or gives
 * none, so that a second visit needs no network.
 *
 * @throws DownloadError, ModelFileError when there is neither; `signal.reason`.
 */
export async function currentManifest(
  address: BundleAddress,
  stored: ModelRecord | null,
  environment: WebEnvironment,
  signal: AbortSignal | undefined,
): Promise<CurrentManifest> {
  const parse = (text: string) => parseManifest(new TextEncoder().encode(text), address.location);
  try {
    const text = await fetchManifest(address, stored === null ? 'first' : 'stored', environment, signal);
    return { manifest: parse(text), text, offline: null };
  } catch (error) {
    signal?.throwIfAborted();
    if (stored === null) throw error;
    return { manifest: parse(stored.manifest), text: stored.manifest, offline: error };
  }
}

async function fetchManifest(
  address: BundleAddress,
  visit: keyof typeof PATIENCE_MS,
  environment: WebEnvironment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const url = address.fileUrl(MANIFEST_FILE);
  for (let tries = 1; ; tries++) {
    try {
      return await fetchOnce(url, PATIENCE_MS[visit], environment, signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof Interrupted)) throw error;
      if (visit === 'stored' || tries === TRIES) {
        throw new DownloadError(
          `${shownAddress(url.href)} was not downloaded: ${error.message}. Check the address and the connection, ` +
            'and that the server lets other sites read its files (CORS).',
          { cause: error, details: { file: MANIFEST_FILE } },
        );
      }
      await environment.wait(error.retryAfter ?? PAUSE_MS * 2 ** (tries - 1), signal);
    }
  }
}

async function fetchOnce(
  url: URL,
  patience: number,
  environment: WebEnvironment,
  signal: AbortSignal | undefined,
): Promise<string> {
  const late = AbortSignal.timeout(patience);
  const chunks: Uint8Array[] = [];
  try {
    const response = await fetchAnswer(environment, url, {
      cache: 'no-cache',
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
    });
    // Its length is not known before; this only asks whether it is an answer at all.
    checkAnswer(response, { path: MANIFEST_FILE, bytes: 0, sha256: '' }, { offset: 0, origin: null });
    let length = 0;
    for await (const chunk of chunksOf(response)) {
      length += chunk.length;
      if (length > MAX_BYTES) {
        throw new ModelFileError(`${shownAddress(url.href)} has more than ${MAX_BYTES} bytes, which no manifest has.`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (late.aborted) throw new Interrupted(`no answer came within ${patience / 1000} seconds`);
    throw error;
  }
  return new Blob(chunks.map((chunk) => new Uint8Array(chunk))).text();
}
