import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type BundleManifest, type FileDescription } from '@ovis/core';
import type { GraphWeight } from '../weights/weight-expression.ts';
import {
  stepWeightsToWrite,
  tablesToWrite,
  twinOfTextTable,
  twinsOfStepWeights,
  type BundleContents,
} from './bundle-contents.ts';
import { diskErrors } from './disk-errors.ts';
import { tableDescription } from './table-description.ts';
import { writeGraph } from './write-graph.ts';
import { writeShards, writtenWeight, type BundleHooks, type WrittenWeights } from './write-shards.ts';
import { writeWhole } from './write-whole.ts';

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
    tableDescription(table, writtenWeight(of === table ? tableWeights : decoderWeights, of));
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

/** Writes the manifest, the last file: a folder without it is no bundle. */
export async function writeManifest(folder: string, manifest: BundleManifest): Promise<void> {
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  await diskErrors(MANIFEST_FILE, () => writeFile(join(folder, MANIFEST_FILE), text, { flag: 'wx', flush: true }));
}

/** The weights of the graph for single positions: what both graphs hold alike lies in the other's file. */
async function writeStepData(
  folder: string,
  contents: BundleContents,
  decoderWeights: WrittenWeights,
  hooks: BundleHooks,
  files: FileDescription[],
): Promise<WrittenWeights> {
  const { decoderStep } = contents;
  if (decoderStep === null) return new Map();
  const own = await writeData(folder, 'decoder-step', stepWeightsToWrite(contents), hooks, files);
  const twins = twinsOfStepWeights(contents);
  return new Map(
    decoderStep.weights.map((weight) => {
      const twin = twins.get(weight);
      return [weight, twin ? writtenWeight(decoderWeights, twin) : writtenWeight(own, weight)];
    }),
  );
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
