import {
  asyncDispose,
  MANIFEST_FILE,
  type BundleManifest,
  type GraphDescription,
  type ModelFiles,
  type OnProgress,
} from '@ovis/core';
import { Decoder } from '@ovis/generation';
import { EmbeddingTable } from '@ovis/prompt';
import { TextTokenizer } from '@ovis/text-tokenizer';
import { VisualTokenizer } from '@ovis/visual-tokenizer';
import { parseManifest } from './bundle/parse-manifest.ts';
import { verifyFiles, type Verification } from './bundle/verify-files.ts';
import type { Platform } from './platform.ts';
import { stopwatch } from './stopwatch.ts';

/** Milliseconds that each step of loading took. */
export type LoadTimings = {
  /** Converting a checkpoint; 0 where a bundle was loaded. */
  readonly convertMs: number;
  /** Comparing sizes and hashes of the bundle's files. */
  readonly verifyMs: number;
  readonly tokenizerMs: number;
  /** Opening the two graphs. */
  readonly sessionsMs: number;
  readonly totalMs: number;
};

/** How a bundle is opened. */
export type OpenOptions = {
  /** How the bundle's files are checked. Default: `full`. */
  readonly verify?: Verification | undefined;
  /** Hears of verified bytes and opened parts. */
  readonly onProgress?: OnProgress | undefined;
  /** Ends loading; what was opened is closed, and the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
};

/** The stages of one model, loaded. Disposing them frees their memory; the platform's backend is not theirs. */
export type LoadedModel = {
  readonly manifest: BundleManifest;
  readonly textTokenizer: TextTokenizer;
  readonly visualTokenizer: VisualTokenizer;
  readonly decoder: Decoder;
  readonly textEmbeddings: EmbeddingTable;
  readonly visualIndicators: EmbeddingTable;
  readonly timings: LoadTimings;
  dispose(): Promise<void>;
};

/** Loads all stages of a bundle onto a platform. */
export async function openModel(platform: Platform, options: OpenOptions = {}): Promise<LoadedModel> {
  const { files, backend } = platform;
  const { signal, onProgress, verify = 'full' } = options;
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
    await verifyFiles(manifest, files, verify, { signal, onProgress });
    const verifyMs = clock.lap();

    const textTokenizer = await openTextTokenizer(manifest, files, signal);
    const tokenizerMs = clock.lap();
    signal?.throwIfAborted();

    const { model, tables, graphs } = manifest;
    const textEmbeddings = keep(await EmbeddingTable.open(tables.textEmbeddings, files));
    const visualIndicators = keep(await EmbeddingTable.open(tables.visualIndicators, files));
    const positions = tables.visualPositions === null ? null : await readAll(tables.visualPositions, files);
    onProgress?.({ phase: 'load', item: 'visual tokenizer', done: 0, total: 2 });
    const visualTokenizer = keep(
      await VisualTokenizer.open({
        backend,
        graph: await graphSource(graphs.visualTokenizer, platform),
        description: graphs.visualTokenizer,
        model,
        positions,
      }),
    );
    signal?.throwIfAborted();
    onProgress?.({ phase: 'load', item: 'language model', done: 1, total: 2 });
    const decoder = keep(
      await Decoder.open({
        backend,
        graph: await graphSource(graphs.decoder, platform),
        description: graphs.decoder,
        step: graphs.decoderStep
          ? {
              graph: await graphSource(graphs.decoderStep, platform),
              description: graphs.decoderStep,
            }
          : null,
        model,
        embed: (ids) => textEmbeddings.read(ids),
      }),
    );
    signal?.throwIfAborted();
    onProgress?.({ phase: 'load', item: 'language model', done: 2, total: 2 });
    const sessionsMs = clock.lap();
    const timings = { convertMs: 0, verifyMs, tokenizerMs, sessionsMs, totalMs: clock.total() };
    return {
      manifest,
      textTokenizer,
      visualTokenizer,
      decoder,
      textEmbeddings,
      visualIndicators,
      timings,
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** The form of a graph that the backend's processor computes exactly. */
function graphSource({ file, narrowFile, externalData }: GraphDescription, { files, backend }: Platform) {
  return files.graph(backend.integerProducts === 'wide' ? file : (narrowFile ?? file), externalData);
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
  return TextTokenizer.fromFiles({ tokenizerJson, tokenizerConfig });
}

async function readAll(table: NonNullable<BundleManifest['tables']['visualPositions']>, files: ModelFiles) {
  await using positions = await EmbeddingTable.open(table, files);
  return positions.all();
}
