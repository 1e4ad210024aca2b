import { damagedPng } from './png-chunks.ts';

/**
 * Undoes the filter of one row in place: each byte was stored as its difference to a guess from its neighbours.
 *
 * @param above - The row above without its filter, zeros for the first.
 * @param distance - Bytes from a sample to the same sample of the pixel to the left, at least 1.
 */
export function unfilterRow(filter: number, row: Uint8Array, above: Uint8Array, distance: number): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1: // left
      for (let at = distance; at < length; at++) row[at] = (row[at] ?? 0) + (row[at - distance] ?? 0);
      return;
    case 2: // above
      for (let at = 0; at < length; at++) row[at] = (row[at] ?? 0) + (above[at] ?? 0);
      return;
    case 3: // mean of both
      for (let at = 0; at < length; at++) {
        const left = at < distance ? 0 : (row[at - distance] ?? 0);
        row[at] = (row[at] ?? 0) + ((left + (above[at] ?? 0)) >> 1);
      }
      return;
    case 4: // the nearest to left + above - above left
      for (let at = 0; at < length; at++) {
        const left = at < distance ? 0 : (row[at - distance] ?? 0);
        const corner = at < distance ? 0 : (above[at - distance] ?? 0);
        row[at] = (row[at] ?? 0) + nearest(left, above[at] ?? 0, corner);
      }
      return;
    default:
      throw damagedPng(`there is no filter ${filter}`);
  }
}

/** Paeth's predictor; of equally near ones the first counts. */
function nearest(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
