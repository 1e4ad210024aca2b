import type { PackedReader } from '../packed/packed-reader.ts';
import { segmentsOf } from './expression-segments.ts';
import type { GraphWeight } from './weight-expression.ts';

/** Names that the warning shows. */
const SHOWN = 4;

/** Whether a weight keeps integers of the checkpoint. */
export function isImported({ storage }: GraphWeight): boolean {
  return storage.kind === 'blocks' && storage.imported !== undefined;
}

/** Whether a weight is stored as integers. */
export function isQuantised({ storage }: GraphWeight): boolean {
  return storage.kind === 'blocks' || storage.kind === 'columns';
}

/** Tells of packed matrices whose integers could not be kept, and were computed anew. */
export function requantisedWarnings(
  decoder: { readonly weights: readonly GraphWeight[] },
  packed: Pick<PackedReader, 'formatOf'> | null,
): readonly string[] {
  if (packed === null) return [];
  const computed = decoder.weights.filter((weight) => isQuantised(weight) && !isImported(weight));
  const sources = computed.flatMap(({ expression }) => segmentsOf(expression).map(({ from }) => from));
  const names = [...new Set(sources.flatMap((from) => (from.op === 'tensor' ? [from.name] : [])))];
  const requantised = names.filter((name) => packed.formatOf(name) !== undefined);
  if (requantised.length === 0) return [];
  const shown = requantised.slice(0, SHOWN).join(', ');
  const more = requantised.length > SHOWN ? ` and ${requantised.length - SHOWN} more` : '';
  return [
    `${requantised.length} quantised matrices have groups that blocks of ONNX Runtime cannot be (a multiple of 16 inputs, ` +
      `equally many in each), so they were dequantised and quantised again: ${shown}${more}. dtype f16 keeps their values.`,
  ];
}
