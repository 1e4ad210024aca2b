import type { CopiedFile } from '../checkpoint/open-checkpoint.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import type { GraphWeight, WeightStorage } from '../weights/weight-expression.ts';
import type { BundleTables } from './bundle-tables.ts';

/** What goes into a bundle. */
export type BundleContents = {
  readonly decoder: BuiltGraph;
  /** The same model laid out for single positions, or null where `decoder` does that as well. */
  readonly decoderStep: BuiltGraph | null;
  /** Both over the same weights for WebAssembly, or null where they serve there too. */
  readonly wasm: Readonly<Record<'decoder' | 'decoderStep', BuiltGraph | null>>;
  readonly visualTokenizer: BuiltGraph;
  readonly tables: BundleTables;
  readonly copies: readonly CopiedFile[];
};

/** Every weight that a bundle holds, each of them once. */
export function weightsToWrite(contents: BundleContents): readonly GraphWeight[] {
  const { decoder, visualTokenizer } = contents;
  const step = stepWeightsToWrite(contents);
  return [...ownWeights(decoder), ...step, ...tablesToWrite(contents), ...visualTokenizer.weights];
}

/** The weights of a graph without the text table, of which it may read rows: that lies where the host reads it. */
export function ownWeights({ weights }: BuiltGraph): readonly GraphWeight[] {
  return weights.filter(({ part }) => part !== 'textTable');
}

/** Weights of the graph for single positions that have bytes of their own. */
export function stepWeightsToWrite(contents: BundleContents): readonly GraphWeight[] {
  const { decoderStep } = contents;
  const twins = twinsOfStepWeights(contents);
  return decoderStep === null ? [] : ownWeights(decoderStep).filter((weight) => !twins.has(weight));
}

/** The other decoder graph's weight with the same bytes, by weight of the graph for single positions. */
export function twinsOfStepWeights({ decoder, decoderStep }: BundleContents): ReadonlyMap<GraphWeight, GraphWeight> {
  const named = new Map(decoder.weights.map((weight) => [weight.name, weight])); // equal names are equal tensors
  return new Map(
    (decoderStep?.weights ?? []).flatMap((weight) => {
      const other = named.get(weight.name);
      return other !== undefined && sameStorage(weight.storage, other.storage) ? [[weight, other] as const] : [];
    }),
  );
}

/** The tables that have bytes of their own. */
export function tablesToWrite(contents: BundleContents): readonly GraphWeight[] {
  const { textEmbeddings, visualIndicators, visualPositions } = contents.tables;
  const text = twinOfTextTable(contents) ? null : textEmbeddings;
  return [text, visualIndicators, visualPositions].filter((table) => table !== null);
}

/** The decoder's weight that is stored exactly as the text table is: a tied head. */
export function twinOfTextTable({ decoder, tables }: BundleContents): GraphWeight | undefined {
  const { expression: table, storage } = tables.textEmbeddings;
  return ownWeights(decoder).find(
    ({ expression, storage: other }) =>
      expression.op === 'tensor' &&
      table.op === 'tensor' &&
      expression.name === table.name &&
      sameStorage(other, storage),
  );
}

/** Whether one tensor takes the same bytes in both; turned rows are other bytes. */
function sameStorage(a: WeightStorage, b: WeightStorage): boolean {
  if ((a.transposed ?? false) !== (b.transposed ?? false)) return false;
  if (a.kind !== 'blocks' || b.kind !== 'blocks') return a.kind === b.kind;
  if (a.imported !== undefined || b.imported !== undefined) return false;
  return a.bits === b.bits && a.blockSize === b.blockSize && a.symmetric === b.symmetric;
}
