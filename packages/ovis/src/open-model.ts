import {
  asyncDispose,
  MANIFEST_FILE,
  type Backend,
  type BundleManifest,
  type ModelFiles,
  type OnProgress,
} from '@ovis/core';
import { TextTokenizer } from '@ovis/text-tokenizer';
import { allOrNone } from './all-or-none.ts';
import { parseManifest } from './bundle/parse-manifest.ts';
import { BundleVerifier, type Verification } from './bundle/verify-files.ts';
import { openStages, type Stages } from './open-stages.ts';
import { stopwatch, timed } from './stopwatch.ts';

/** Milliseconds that loading took. Its parts run at the same time, so they add up to more than the total. */
export type LoadTimings = {
  /** Converting a checkpoint; 0 where a bundle was loaded. */
  readonly convertMs: number;
  /** Comparing sizes and hashes of the bundle's files. */
  readonly verifyMs: number;
  readonly tokenizerMs: number;
  /** Starting the runtime, opening tables and graphs. */
  readonly sessionsMs: number;
  /** From the call to the end. */
  readonly totalMs: number;
};

/** How a bundle is opened. */
export type OpenOptions = {
  /** How the bundle's files are checked. Default: `auto`. */
  readonly verify?: Verification | undefined;
  /** Hears of verified bytes and opened parts. */
  readonly onProgress?: OnProgress | undefined;
  /** Ends loading; what was opened is closed, and the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
};

/** Where a model is opened: its files, and a backend that may still be starting. */
export type OpeningPlace = { readonly backend: Backend | Promise<Backend>; readonly files: ModelFiles };

/** The stages of one model, loaded. Disposing them frees their memory; the platform's backend is not theirs. */
export type LoadedModel = Stages & {
  readonly manifest: BundleManifest;
  readonly textTokenizer: TextTokenizer;
  readonly timings: LoadTimings;
  dispose(): Promise<void>;
};

/**
 * Loads all stages of a bundle onto a platform. What is parsed is verified first; then weights are verified, the
 * tokenizer is read, and graphs are opened at the same time, as soon as the backend is there.
 */
export async function openModel({ backend, files }: OpeningPlace, options: OpenOptions = {}): Promise<LoadedModel> {
  const { signal, onProgress, verify = 'auto' } = options;
  const opened: AsyncDisposable[] = [];
  const keep = <T extends AsyncDisposable>(part: T): T => {
    opened.push(part);
    return part;
  };
  const dispose = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part[asyncDispose]();
  };
  const clock = stopwatch();
  try {
    signal?.throwIfAborted();
    const manifest = await readManifestOf(files, signal);
    const verifier = new BundleVerifier(manifest, files, onProgress);
    await verifier.sizes();
    const record = verify === 'sizes' ? undefined : await files.checkRecord?.(manifest.files);
    const hashes = verify === 'full' || (verify === 'auto' && record?.isCurrent !== true);
    if (hashes) await verifier.parsed(signal);
    const parsedMs = clock.lap();
    // Only the caller ends the hashing: that a file has changed explains every other failure.
    const verifyNumbers = async (): Promise<void> => (hashes ? verifier.numbers(signal) : undefined);
    const openGraphs = async (either: AbortSignal): Promise<Stages> =>
      openStages(manifest, { backend: await backend, files }, { keep, onProgress, signal: either });
    const [numbers, tokenizer, stages] = await allOrNone(
      [
        () => timed(verifyNumbers()),
        (either: AbortSignal) => timed(openTextTokenizer(manifest, files, either)),
        (either: AbortSignal) => timed(openGraphs(either)),
      ],
      signal,
    );
    if (hashes) await record?.keep();
    const timings = {
      convertMs: 0,
      verifyMs: parsedMs + numbers.ms,
      tokenizerMs: tokenizer.ms,
      sessionsMs: stages.ms,
      totalMs: clock.total(),
    };
    return { manifest, textTokenizer: tokenizer.value, ...stages.value, timings, dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Reads and checks the manifest of a bundle. */
export async function readManifestOf(files: ModelFiles, signal?: AbortSignal): Promise<BundleManifest> {
  return parseManifest(await files.readBytes(MANIFEST_FILE, signal), files.location);
}

async function openTextTokenizer(
  { tokenizer }: BundleManifest,
  files: ModelFiles,
  signal?: AbortSignal,
): Promise<TextTokenizer> {
  const [tokenizerJson, tokenizerConfig] = await Promise.all([
    files.readBytes(tokenizer.tokenizer, signal),
    tokenizer.config === null ? null : files.readBytes(tokenizer.config, signal),
  ]);
  return TextTokenizer.open({ tokenizerJson, tokenizerConfig }, signal);
}
