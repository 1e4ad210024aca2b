/** How numbers are put into blocks: the layout of `MatMulNBits`. */
export type BlockFormat = {
  readonly bits: 4 | 8;
  /** Elements per block: a power of two from 16 on, or a whole row. */
  readonly blockSize: number;
  /** Whether every zero point is `2^(bits-1)`. */
  readonly symmetric: boolean;
};

/** Sizes of one row of a block matrix. */
export type BlockRow = {
  readonly blocks: number;
  /** Bytes of its codes. */
  readonly codeBytes: number;
  /** Bytes of its zero points; 0 where they are implied. */
  readonly zeroPointBytes: number;
};

/** What a row of `columns` elements takes; the last block is padded. */
export function blockRow({ bits, blockSize, symmetric }: BlockFormat, columns: number): BlockRow {
  const blocks = Math.ceil(columns / blockSize);
  return {
    blocks,
    codeBytes: (blocks * blockSize * bits) / 8,
    zeroPointBytes: symmetric ? 0 : Math.ceil((blocks * bits) / 8),
  };
}

/** Rows in blocks. */
export type BlockArrays = {
  /** `[rows, blocks, blockSize * bits / 8]`, low bits first. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** `[rows, blocks]`. */
  readonly scales: Float32Array<ArrayBuffer>;
  /** `[rows, ceil(blocks * bits / 8)]`, packed like codes; empty where they are implied. */
  readonly zeroPoints: Uint8Array<ArrayBuffer>;
};

/** Empty arrays for `rows` rows of `columns` elements. */
export function allocateBlocks(format: BlockFormat, rows: number, columns: number): BlockArrays {
  const { blocks, codeBytes, zeroPointBytes } = blockRow(format, columns);
  return {
    codes: new Uint8Array(rows * codeBytes),
    scales: new Float32Array(rows * blocks),
    zeroPoints: new Uint8Array(rows * zeroPointBytes),
  };
}

/** Whether arrays have room for `rows` rows of `columns` elements. */
export function holdsBlocks(arrays: BlockArrays, format: BlockFormat, rows: number, columns: number): boolean {
  const { blocks, codeBytes, zeroPointBytes } = blockRow(format, columns);
  const { codes, scales, zeroPoints } = arrays;
  return (
    codes.length >= rows * codeBytes && scales.length >= rows * blocks && zeroPoints.length >= rows * zeroPointBytes
  );
}

/** What a block is written with: `value = (code - zeroPoint) * scale`. */
export type BlockFit = { scale: number; zeroPoint: number };
