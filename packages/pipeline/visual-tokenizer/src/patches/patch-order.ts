/** Patches of one view: rows and columns. */
export type PatchGrid = { readonly height: number; readonly width: number };

/** Row of the patch at `y * width + x`, in the order of reading. */
export function rowMajorOrder({ height, width }: PatchGrid): Int32Array {
  return Int32Array.from({ length: height * width }, (_, index) => index);
}

/**
 * Row of the patch at `y * width + x`, block by block: the `mergeStride`² patches that the model merges into one
 * visual token follow one another, row by row inside the block; blocks follow in the order of reading.
 *
 * @param grid - Both sides are multiples of `mergeStride`.
 */
export function blockOrder({ height, width }: PatchGrid, mergeStride: number): Int32Array {
  const order = new Int32Array(height * width);
  const blocksPerRow = width / mergeStride;
  for (let y = 0, index = 0; y < height; y++) {
    for (let x = 0; x < width; x++, index++) {
      const block = Math.floor(y / mergeStride) * blocksPerRow + Math.floor(x / mergeStride);
      order[index] = (block * mergeStride + (y % mergeStride)) * mergeStride + (x % mergeStride);
    }
  }
  return order;
}
