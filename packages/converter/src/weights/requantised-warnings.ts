import type { PackedReader } from '../packed/packed-reader.ts';
import { segmentsOf } from './expression-segments.ts';
import { isImported, isQuantised } from './integer-storage.ts';
import type { GraphWeight } from './weight-expression.ts';

/** Names that the warning shows. */
const SHOWN = 4;

/** Tells of packed matrices whose integers could not be kept, and were computed anew. */
export function requantisedWarnings(
  decoder: { readonly weights: readonly GraphWeight[] },
  packed: Pick<PackedReader, 'formatOf'> | null,
): readonly string[] {
  if (packed === null) return [];
  const computed = decoder.weights.filter(({ storage }) => isQuantised(storage) && !isImported(storage));
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
