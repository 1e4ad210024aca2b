import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_FILE, type BundleManifest, type FileDescription } from '@ovis/core';
import type { BuiltGraph } from '../graph/built-graph.ts';
import type { GraphWeight } from '../weights/weight-expression.ts';
import {
  ownWeights,
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
  const { decoder, decoderStep, wasm, visualTokenizer, tables, copies } = contents;
  const files: FileDescription[] = [];
  const decoderWeights = await writeData(folder, 'decoder', ownWeights(decoder), hooks, files);
  const stepWeights = await writeStepData(folder, contents, decoderWeights, hooks, files);
  const twin = twinOfTextTable(contents);
  const tableWeights = await writeData(folder, 'tables', tablesToWrite(contents), hooks, files);
  const visualWeights = await writeData(folder, 'visual-tokenizer', visualTokenizer.weights, hooks, files);
  const { textEmbeddings, visualIndicators, visualPositions } = tables;
  const text = twin ? writtenWeight(decoderWeights, twin) : writtenWeight(tableWeights, textEmbeddings);
  const describe = (table: GraphWeight) => tableDescription(table, writtenWeight(tableWeights, table));
  /** A decoder in its forms; they name their weights alike. */
  const writeForms = async (name: string, graph: BuiltGraph, other: BuiltGraph | null, weights: WrittenWeights) => {
    const named = new Map([...weights].map(([weight, written]) => [weight.name, written]));
    const written = (weight: GraphWeight) => {
      const found = weight.part === 'textTable' ? text : named.get(weight.name);
      if (found === undefined) throw new TypeError(`Weight ${weight.name} was not written.`);
      return found;
    };
    const description = await writeGraph(folder, name, graph, written, files);
    if (other === null) return description;
    return { ...description, wasm: await writeGraph(folder, `${name}-wasm`, other, written, files) };
  };
  const result = {
    graphs: {
      visualTokenizer: await writeGraph(
        folder,
        'visual-tokenizer',
        visualTokenizer,
        (weight) => writtenWeight(visualWeights, weight),
        files,
      ),
      decoder: await writeForms('decoder', decoder, wasm.decoder, decoderWeights),
      ...(decoderStep && {
        decoderStep: await writeForms('decoder-step', decoderStep, wasm.decoderStep, stepWeights),
      }),
    },
    tables: {
      textEmbeddings: tableDescription(textEmbeddings, text),
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
    ownWeights(decoderStep).map((weight) => {
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
