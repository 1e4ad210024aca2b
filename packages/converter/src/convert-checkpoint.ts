import { BUNDLE_VERSION, elementCount, type BundleManifest, type ModelPart, type WeightDtype } from '@ovis/core';
import { BundleFolder } from './bundle/bundle-folder.ts';
import { ownWeights, weightsToWrite, type BundleContents } from './bundle/bundle-contents.ts';
import { bundleTables, TEXT_HEAD } from './bundle/bundle-tables.ts';
import { writeBundle, writeManifest } from './bundle/write-bundle.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint/open-checkpoint.ts';
import { converterVersion } from './converter-version.ts';
import { resolveConvertOptions, type ConvertOptions, type ResolvedConvertOptions } from './convert-options.ts';
import { decoderGraphs } from './decoder-graphs.ts';
import { buildVisualTokenizerGraph } from './graphs/visual-tokenizer.ts';
import { describeQuantisation } from './packed/quantisation.ts';
import { zeroBiases } from './packed/zero-biases.ts';
import { createLowering, type Lowering } from './lowering/lowering.ts';
import type { UnusedTensor } from './models/unused-tensor.ts';
import { anywhereIn } from './lowering/matrix-place.ts';
import { TEXT_EMBEDDING } from './models/text-table.ts';
import { unusedTensors } from './models/unused-tensors.ts';
import { openQuantiser } from './quantise/open-quantiser.ts';
import { checkWeights, type WeightBalance } from './weights/check-weights.ts';
import { isImported, isQuantised } from './weights/integer-storage.ts';
import { plannedBytes } from './weights/planned-bytes.ts';
import { requantisedWarnings } from './weights/requantised-warnings.ts';
import { tensorsDiffer } from './weights/tensors-differ.ts';
import { expressionShape, type GraphWeight } from './weights/weight-expression.ts';

/** Room for graphs, gaps between tensors and the manifest. */
const OVERHEAD_BYTES = 16 * 1024 * 1024;

/**
 * Converts a checkpoint in the official layout (Ovis2, Ovis2.5) into a bundle: a folder with one manifest, ONNX
 * graphs with their weights, tables and tokenizer. Memory stays bounded whatever the model's size. The same
 * checkpoint and options give the same bytes.
 *
 * The bundle is written beside its place and put there when it is complete: an error, an abort or a crash leaves
 * nothing that loads (after a crash, a hidden folder `.<name>.partial-*` that may be deleted).
 *
 * @param checkpoint - Folder with `config.json`, safetensors, tokenizer and preprocessor files.
 * @param bundle - Folder to make; must not exist, or be empty.
 * @returns The manifest, which is also the bundle's `ovis.json`.
 * @throws ModelFileError for missing, malformed or unsupported files, and when the disk is full.
 * @throws TokenizerError when the tokenizer is missing or malformed.
 * @throws WeightMismatchError when tensors and model disagree; its message and details list all of them.
 * @throws InvalidArgumentError for wrong options, or a target that holds something.
 */
export async function convertCheckpoint(
  checkpoint: string,
  bundle: string,
  options: ConvertOptions = {},
): Promise<BundleManifest> {
  const resolved = resolveConvertOptions(options);
  const { signal, device } = resolved;
  signal?.throwIfAborted();
  await using opened = await openCheckpoint(checkpoint);
  const { config, tensors, quantised } = opened;
  const lowering = createLowering(device, resolved.dtypes, {
    packed: quantised?.tensors,
    keyValues: resolved.keyValues,
    sensitive: resolved.sensitive,
  });
  const contents = bundleContents(opened, lowering, resolved);
  const balance = balanceOf(opened, contents, quantised ? await zeroBiases(tensors, quantised.tensors.linears) : []);
  const total = weightsToWrite(contents).reduce((sum, weight) => sum + plannedBytes(weight), 0);
  const needed = total + OVERHEAD_BYTES + contents.copies.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  await using folder = await BundleFolder.create(bundle, needed, resolved.overwrite);
  const warnings = [
    ...config.warnings,
    ...opened.stored.warnings,
    ...requantisedWarnings(contents.decoderStep ?? contents.decoder, quantised?.tensors ?? null),
    ...(await headWarnings(opened, signal)),
  ];
  const tooLarge = new Map<GraphWeight, number>();
  let done = 0;
  await using quantiser = await openQuantiser({ threads: resolved.threads, numbers: numbersToQuantise(contents) });
  signal?.throwIfAborted();
  const written = await writeBundle(folder.path, contents, {
    tensors,
    quantiser,
    shardBytes: resolved.shardBytes,
    onBytes: ({ name: item }, bytes) => {
      signal?.throwIfAborted();
      done += bytes;
      resolved.onProgress({ phase: 'convert', item, done, total });
    },
    onOverflow: (weight, count) => tooLarge.set(weight, (tooLarge.get(weight) ?? 0) + count),
  });
  const manifest: BundleManifest = {
    format: 'ovis-bundle',
    version: BUNDLE_VERSION,
    source: {
      name: config.model.name,
      modelType: config.modelType,
      architecture: config.architecture,
      converter: converterVersion,
      ...(quantised === null ? {} : { quantisation: describeQuantisation(quantised.settings) }),
    },
    model: config.model,
    dtypes: storedDtypes(lowering, (contents.decoderStep ?? contents.decoder).weights, resolved),
    device,
    parameters: balance.parameters,
    ...written,
    tokenizer: { tokenizer: opened.tokenizer.name, config: opened.tokenizerConfig?.name ?? null },
    unusedTensors: balance.unusedTensors,
    warnings: [...warnings, ...overflowWarnings(tooLarge)],
  };
  signal?.throwIfAborted();
  await writeManifest(folder.path, manifest);
  await folder.commit();
  return manifest;
}

function bundleContents(
  { config, tokenizer, tokenizerConfig }: Checkpoint,
  lowering: Lowering,
  resolved: ResolvedConvertOptions,
): BundleContents {
  return {
    ...decoderGraphs(config, lowering, resolved),
    visualTokenizer: buildVisualTokenizerGraph(config, lowering, resolved),
    tables: bundleTables(config, lowering),
    copies: [tokenizer, tokenizerConfig].filter((file) => file !== null),
  };
}

/** Numbers that blocks are computed of; integers of the checkpoint are none. */
function numbersToQuantise(contents: BundleContents): number {
  const computed = weightsToWrite(contents).filter(({ storage }) => isQuantised(storage) && !isImported(storage));
  return computed.reduce((sum, { expression }) => sum + elementCount(expressionShape(expression)), 0);
}

/** Tables first: what a tied head shares with the text table counts as the table's. */
function balanceOf(
  { config, tensors }: Checkpoint,
  contents: BundleContents,
  unused: readonly UnusedTensor[],
): WeightBalance {
  const { textEmbeddings, visualIndicators, visualPositions } = contents.tables;
  const tables = [textEmbeddings, visualIndicators, visualPositions].filter((table) => table !== null);
  const decoder = ownWeights(contents.decoder);
  return checkWeights([...tables, ...decoder, ...contents.visualTokenizer.weights], tensors.tensors, {
    unused: [...unusedTensors(config), ...unused],
    shared: new Set(config.language.tiedEmbeddings ? [TEXT_EMBEDDING] : []),
  });
}

async function headWarnings({ config, tensors }: Checkpoint, signal?: AbortSignal): Promise<readonly string[]> {
  if (!config.language.tiedEmbeddings) return [];
  const differ = await tensorsDiffer(tensors, TEXT_EMBEDDING, TEXT_HEAD, () => signal?.throwIfAborted());
  if (!differ) return [];
  return [
    `The config ties the output head to the text embedding, but ${TEXT_HEAD} differs from ${TEXT_EMBEDDING}; ` +
      'the embedding is used for both.',
  ];
}

function overflowWarnings(tooLarge: ReadonlyMap<GraphWeight, number>): readonly string[] {
  return [...tooLarge].map(
    ([{ name }, count]) => `${count} numbers of ${name} are too large for f16 and became 65504; f32 keeps them.`,
  );
}

/** What parts are really stored as: int4 means 8 bits for most, and integers of the checkpoint stay what they are. */
function storedDtypes(
  lowering: Lowering,
  weights: readonly GraphWeight[],
  { dtypes }: ResolvedConvertOptions,
): Readonly<Record<ModelPart, WeightDtype>> {
  const stored = (part: ModelPart): WeightDtype => {
    const imported = weights.find((weight) => weight.part === part && isImported(weight.storage));
    const storage = imported?.storage ?? lowering.storageOf(anywhereIn(part), 1024);
    if (storage.kind === 'columns') return 'int8';
    if (storage.kind !== 'blocks') return storage.kind;
    return storage.bits === 8 ? 'int8' : 'int4';
  };
  return {
    ...dtypes,
    decoder: stored('decoder'),
    lmHead: stored('lmHead'),
    vit: stored('vit'),
    visualHead: stored('visualHead'),
    visualTable: stored('visualTable'),
    textTable: stored('textTable'),
  };
}
