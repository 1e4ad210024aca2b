import type { PackedLinear } from './packed-linear.ts';
import type { PackedFormat } from './packed-reader.ts';

/**
 * How blocks can keep a layer's integers: its groups, and the order that puts the inputs of each group side by side.
 * Null when a group has more or fewer inputs than the others.
 */
export function packedFormat({ bits, inputs, groups, groupSize, groupOf }: PackedLinear): PackedFormat | null {
  if (groupOf === null) return { bits, groupSize, order: null };
  const next = Int32Array.from({ length: groups }, (_, group) => group * groupSize);
  const order = new Int32Array(inputs);
  for (const [input, group] of groupOf.entries()) {
    const place = next[group] ?? 0;
    if (place >= (group + 1) * groupSize) return null;
    order[place] = input;
    next[group] = place + 1;
  }
  return { bits, groupSize, order };
}

/** Whether two matrices can be rows of one. */
export function sameFormat(a: PackedFormat, b: PackedFormat): boolean {
  if (a.bits !== b.bits || a.groupSize !== b.groupSize || (a.order === null) !== (b.order === null)) return false;
  if (a.order === null || b.order === null || a.order === b.order) return true;
  const { order } = b;
  return a.order.length === order.length && a.order.every((input, place) => input === order[place]);
}
