import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  MANIFEST_FILE,
  type BundleManifest,
  type FileDescription,
  type FileRange,
  type GraphDescription,
} from '@ovis/core';
import type { CopiedFile } from '../checkpoint/open-checkpoint.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { weightInitializers } from '../graph/weight-initializers.ts';
import type { GraphWeight } from '../weights/weight-expression.ts';
import type { WrittenWeight } from '../weights/write-weight.ts';
import type { BundleTables } from './bundle-tables.ts';
import { diskErrors } from './disk-errors.ts';
import { OutputFile } from './output-file.ts';
import { tableDescription } from './table-description.ts';
import { writeShards, type BundleHooks, type WrittenWeights } from './write-shards.ts';

/** What goes into a bundle. */
export type BundleContents = {
  readonly decoder: BuiltGraph;
  /** The same model laid out for single positions, or null where `decoder` does that as well. */
  readonly decoderStep: BuiltGraph | null;
  readonly visualTokenizer: BuiltGraph;
  readonly tables: BundleTables;
  readonly copies: readonly CopiedFile[];
};

/** What the manifest says of the files. */
export type WrittenBundle = Pick<BundleManifest, 'graphs' | 'tables' | 'files'>;

/** Writes everything but the manifest into a folder. */
export async function writeBundle(
  folder: string,
  contents: BundleContents,
  hooks: BundleHooks,
): Promise<WrittenBundle> {
  const { decoder, decoderStep, visualTokenizer, tables, copies } = contents;
  const files: FileDescription[] = [];
  const decoderWeights = await writeData(folder, 'decoder', decoder.weights, hooks, files);
  const stepWeights = await writeStepData(folder, contents, decoderWeights, hooks, files);
  const twin = twinOfTextTable(contents);
  const tableWeights = await writeData(folder, 'tables', tablesToWrite(contents), hooks, files);
  const visualWeights = await writeData(folder, 'visual-tokenizer', visualTokenizer.weights, hooks, files);
  const { textEmbeddings, visualIndicators, visualPositions } = tables;
  const describe = (table: GraphWeight, of = table) =>
    tableDescription(table, weightOf(of === table ? tableWeights : decoderWeights, of));
  const result = {
    graphs: {
      visualTokenizer: await writeGraph(folder, 'visual-tokenizer', visualTokenizer, visualWeights, files),
      decoder: await writeGraph(folder, 'decoder', decoder, decoderWeights, files),
      ...(decoderStep && {
        decoderStep: await writeGraph(folder, 'decoder-step', decoderStep, stepWeights, files),
      }),
    },
    tables: {
      textEmbeddings: describe(textEmbeddings, twin),
      visualIndicators: describe(visualIndicators),
      visualPositions: visualPositions && describe(visualPositions),
    },
  };
  for (const { name, bytes } of copies) await writeWhole(folder, name, bytes, files);
  return { ...result, files };
}

/** Every weight that {@link writeBundle} writes, each of them once. */
export function weightsToWrite(contents: BundleContents): readonly GraphWeight[] {
  const step = onlyInStep(contents);
  return [...contents.decoder.weights, ...step, ...tablesToWrite(contents), ...contents.visualTokenizer.weights];
}

/** Weights of the graph for single positions that the other decoder graph does not store in the same way. */
function onlyInStep({ decoder, decoderStep }: BundleContents): readonly GraphWeight[] {
  const same = new Map(decoder.weights.map((weight) => [weight.name, weight]));
  return (decoderStep?.weights ?? []).filter((weight) => !isTwin(weight, same.get(weight.name)));
}

/** Whether two graphs of one model hold a weight in the same bytes; equal names are equal tensors. */
function isTwin(weight: GraphWeight, other: GraphWeight | undefined): boolean {
  return other !== undefined && sameStorage(weight.storage, other.storage);
}

/** The weights of the graph for single positions: what both graphs hold alike lies in the other's file. */
async function writeStepData(
  folder: string,
  contents: BundleContents,
  decoderWeights: WrittenWeights,
  hooks: BundleHooks,
  files: FileDescription[],
): Promise<WrittenWeights> {
  const { decoder, decoderStep } = contents;
  if (decoderStep === null) return new Map();
  const own = await writeData(folder, 'decoder-step', onlyInStep(contents), hooks, files);
  const shared = new Map(decoder.weights.map((weight) => [weight.name, weightOf(decoderWeights, weight)]));
  return new Map(
    decoderStep.weights.map((weight) => {
      const written = own.get(weight) ?? shared.get(weight.name);
      if (written === undefined) throw new TypeError(`Weight ${weight.name} was not written.`);
      return [weight, written];
    }),
  );
}

/** The tables that have bytes of their own. */
function tablesToWrite(contents: BundleContents): readonly GraphWeight[] {
  const { textEmbeddings, visualIndicators, visualPositions } = contents.tables;
  const text = twinOfTextTable(contents) ? null : textEmbeddings;
  return [text, visualIndicators, visualPositions].filter((table) => table !== null);
}

/** The decoder's weight that is stored exactly as the text table is: a tied head. */
function twinOfTextTable({ decoder, tables }: BundleContents): GraphWeight | undefined {
  return decoder.weights.find((weight) => sameBytes(weight, tables.textEmbeddings));
}

/** Writes the manifest, the last file: a folder without it is no bundle. */
export async function writeManifest(folder: string, manifest: BundleManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await diskErrors(MANIFEST_FILE, () => writeFile(join(folder, MANIFEST_FILE), text, { flag: 'wx', flush: true }));
}

async function writeData(
  folder: string,
  name: string,
  weights: readonly GraphWeight[],
  hooks: BundleHooks,
  files: FileDescription[],
): Promise<WrittenWeights> {
  const shards = await writeShards(folder, name, weights, hooks);
  files.push(...shards.files);
  return shards.written;
}

async function writeGraph(
  folder: string,
  name: string,
  graph: BuiltGraph,
  weights: WrittenWeights,
  files: FileDescription[],
): Promise<GraphDescription> {
  const places = new Map<string, FileRange>();
  for (const weight of graph.weights) {
    const initializers = weightInitializers(weight);
    rangesOf(weightOf(weights, weight)).forEach((range, index) => {
      const initializer = initializers[index];
      if (initializer) places.set(initializer.name, range);
    });
  }
  const locate = (initializer: string): FileRange => {
    const place = places.get(initializer);
    if (place === undefined) throw new TypeError(`Initializer ${initializer} was not written.`);
    return place;
  };
  const file = `${name}.onnx`;
  const narrowFile = graph.dependsOnProducts ? `${name}-narrow.onnx` : null;
  await writeWhole(folder, file, graph.serialise(locate), files);
  if (narrowFile !== null) await writeWhole(folder, narrowFile, graph.serialise(locate, 'narrow'), files);
  const externalData = [...new Set([...places.values()].map((place) => place.file))].toSorted();
  return { file, narrowFile, externalData, signature: graph.signature };
}

/** In the order of the weight's initializers. */
function rangesOf(written: WrittenWeight): readonly FileRange[] {
  if (written.kind === 'floats') return [written.data];
  if (written.kind === 'columns') return [written.codes, written.scales];
  const { codes, scales, zeroPoints } = written;
  return zeroPoints === null ? [codes, scales] : [codes, scales, zeroPoints];
}

async function writeWhole(folder: string, path: string, bytes: Uint8Array, files: FileDescription[]): Promise<void> {
  await using file = await OutputFile.create(folder, path);
  await file.append(bytes);
  files.push(await file.finish());
}

function weightOf(weights: WrittenWeights, weight: GraphWeight): WrittenWeight {
  const written = weights.get(weight);
  if (written === undefined) throw new TypeError(`Weight ${weight.name} was not written.`);
  return written;
}

/** Turned rows are other bytes. */
function sameBytes({ expression, storage }: GraphWeight, table: GraphWeight): boolean {
  if (expression.op !== 'tensor' || table.expression.op !== 'tensor') return false;
  const turned = storage.transposed ?? false;
  return expression.name === table.expression.name && !turned && sameStorage(storage, table.storage);
}

function sameStorage(a: GraphWeight['storage'], b: GraphWeight['storage']): boolean {
  if ((a.transposed ?? false) !== (b.transposed ?? false)) return false;
  if (a.kind !== 'blocks' || b.kind !== 'blocks') return a.kind === b.kind;
  if (a.imported !== undefined || b.imported !== undefined) return false;
  return a.bits === b.bits && a.blockSize === b.blockSize && a.symmetric === b.symmetric;
}
