import { graphFor, type BundleManifest, type GraphDescription, type ModelFiles, type OnProgress } from '@ovis/core';
import { Decoder } from '@ovis/generation';
import { EmbeddingTable } from '@ovis/prompt';
import { VisualTokenizer } from '@ovis/visual-tokenizer';
import { allOrNone } from './all-or-none.ts';
import type { Platform } from './platform.ts';

/** The stages that hold memory or files. */
export type Stages = {
  readonly visualTokenizer: VisualTokenizer;
  readonly decoder: Decoder;
  readonly textEmbeddings: EmbeddingTable;
  readonly visualIndicators: EmbeddingTable;
};

/** What graphs need of a platform. */
type GraphPlace = Pick<Platform, 'backend' | 'files'>;

/** How {@link openStages} works. */
export type OpenStagesOptions = {
  /** Takes what must be closed, as soon as it is open. */
  readonly keep: <T extends AsyncDisposable>(part: T) => T;
  readonly onProgress?: OnProgress | undefined;
  /** Ends the work before the next part is opened; what is open was kept. */
  readonly signal: AbortSignal;
};

/** Opens graphs and tables at the same time, as far as the backend does that. */
export async function openStages(
  manifest: BundleManifest,
  platform: GraphPlace,
  { keep, onProgress, signal }: OpenStagesOptions,
): Promise<Stages> {
  const { backend, files } = platform;
  const { model, tables, graphs } = manifest;
  let done = 0;
  const tell = (item: string): void => onProgress?.({ phase: 'load', item, done: done++, total: 2 });
  tell('graphs');

  const openVisualTokenizer = async (): Promise<VisualTokenizer> => {
    const positions = tables.visualPositions === null ? null : await readAll(tables.visualPositions, files);
    const description = graphFor(graphs.visualTokenizer, backend.device.kind);
    const graph = await graphSource(description, platform);
    signal.throwIfAborted();
    const opened = keep(await VisualTokenizer.open({ backend, graph, description, model, positions }));
    tell('visual tokenizer');
    return opened;
  };

  const openLanguageModel = async (either: AbortSignal): Promise<Omit<Stages, 'visualTokenizer'>> => {
    const textEmbeddings = keep(await EmbeddingTable.open(tables.textEmbeddings, files));
    const visualIndicators = keep(await EmbeddingTable.open(tables.visualIndicators, files));
    const description = graphFor(graphs.decoder, backend.device.kind);
    const decoderStep = graphs.decoderStep ? graphFor(graphs.decoderStep, backend.device.kind) : null;
    const step = decoderStep && { graph: await graphSource(decoderStep, platform), description: decoderStep };
    const graph = await graphSource(description, platform);
    either.throwIfAborted();
    const embed = (ids: Parameters<EmbeddingTable['read']>[0]) => textEmbeddings.read(ids);
    const decoder = keep(await Decoder.open({ backend, graph, description, step, model, embed }));
    tell('language model');
    return { textEmbeddings, visualIndicators, decoder };
  };

  const [visualTokenizer, language] = await allOrNone([openVisualTokenizer, openLanguageModel], signal);
  return { visualTokenizer, ...language };
}

/** The form of a graph that the backend's processor computes exactly. */
function graphSource({ file, narrowFile, externalData }: GraphDescription, { files, backend }: GraphPlace) {
  return files.graph(backend.integerProducts === 'wide' ? file : (narrowFile ?? file), externalData);
}

async function readAll(table: NonNullable<BundleManifest['tables']['visualPositions']>, files: ModelFiles) {
  await using positions = await EmbeddingTable.open(table, files);
  return positions.all();
}
