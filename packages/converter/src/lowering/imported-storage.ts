import { importableFormat } from '../packed/importable-format.ts';
import type { PackedReader } from '../packed/packed-reader.ts';
import { isQuantised } from '../weights/integer-storage.ts';
import { expressionShape, type WeightExpression } from '../weights/weight-expression.ts';
import type { MatrixStorage } from './weight-storage.ts';

/** `MatMulNBits` takes powers of two from here on. */
const SMALLEST_BLOCK = 16;

/** CPUs have fast products for blocks up to this size. */
const LARGEST_BLOCK = 256;

/**
 * Blocks that keep the integers of a packed matrix, where it would be stored as integers anyway. Null when it is not
 * packed, or in groups that blocks cannot be.
 */
export function importedStorage(
  weight: WeightExpression,
  computed: MatrixStorage,
  packed: Pick<PackedReader, 'formatOf'>,
): MatrixStorage | null {
  const format = isQuantised(computed) ? importableFormat(weight, packed) : null;
  if (format === null) return null;
  const { bits, groupSize, order } = format;
  const blockSize = blockOf(groupSize, expressionShape(weight)[1] ?? 0);
  return blockSize === null ? null : { kind: 'blocks', bits, blockSize, symmetric: false, imported: { order } };
}

/** The largest legal block that groups consist of. One group for all inputs may end in a block that is not full. */
function blockOf(groupSize: number, inputs: number): number | null {
  let block = SMALLEST_BLOCK;
  if (groupSize === inputs) {
    while (block < LARGEST_BLOCK && block < inputs) block *= 2;
    return block;
  }
  if (groupSize % block !== 0) return null;
  while (block < LARGEST_BLOCK && groupSize % (block * 2) === 0) block *= 2;
  return block;
}
