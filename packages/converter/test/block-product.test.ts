import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { OutputFile } from '../src/bundle/output-file.ts';
import { encodeModel } from '../src/graph/encode-model.ts';
import { allocateBlocks, type BlockFormat } from '../src/weights/block-format.ts';
import { quantiseRows } from '../src/weights/quantise-rows.ts';
import { QuantiserHere } from '../src/quantise/quantise-here.ts';
import { writeWeight, type WrittenWeight } from '../src/weights/write-weight.ts';
import { largestDifference } from './compare.ts';
import { dequantise } from './dequantise.ts';
import { floatsOf } from './floats-of.ts';
import { gaussian } from './random.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { tensorsInMemory } from './tensors-in-memory.ts';

type Blocks = Extract<WrittenWeight, { readonly kind: 'blocks' }>;

const formats: readonly BlockFormat[] = [16, 32, 128].flatMap((blockSize) =>
  ([4, 8] as const).flatMap((bits) => [true, false].map((symmetric) => ({ bits, blockSize, symmetric }))),
);

describe.each(formats)('$bits bits, blocks of $blockSize, symmetric: $symmetric', (format) => {
  test.each([
    [5, 16],
    [7, 80],
    [33, 300],
  ])('ONNX Runtime reads a matrix of %i outputs and %i inputs as it was written', async (outputs, inputs) => {
    const matrix = gaussian(outputs * inputs, outputs);
    const arrays = allocateBlocks(format, outputs, inputs);
    quantiseRows(matrix, outputs, inputs, format, arrays);
    const expected = dequantise(arrays, outputs, inputs, format);
    const turned = matrix.map((_, index) => matrix[(index % outputs) * inputs + Math.floor(index / outputs)] ?? 0);
    for (const transposed of [false, true]) {
      const read = await readByRuntime(transposed ? turned : matrix, outputs, inputs, format, transposed);
      expect(largestDifference(read, expected)).toBeLessThan(1e-6);
    }
  });
});

/** `[outputs, inputs]` as `MatMulNBits` takes it from our file: the product with a unit matrix, turned. */
async function readByRuntime(
  matrix: Float32Array,
  outputs: number,
  inputs: number,
  format: BlockFormat,
  transposed: boolean,
): Promise<Float32Array> {
  const folder = await temporaryFolder();
  await using file = await OutputFile.create(folder, 'matrix.data');
  const shape = transposed ? [inputs, outputs] : [outputs, inputs];
  const written = await writeWeight(
    { op: 'tensor', name: 'matrix', shape },
    { kind: 'blocks', ...format, transposed },
    {
      tensors: tensorsInMemory({ matrix }),
      file,
      quantiser: new QuantiserHere(),
      onBytes: () => undefined,
      onOverflow: () => undefined,
    },
  );
  await file.finish();
  if (written.kind !== 'blocks') throw new Error('Expected blocks.');
  const path = join(folder, 'product.onnx');
  await writeFile(path, productModel(written, outputs, inputs, format));
  const session = await InferenceSession.create(path);
  const unit = Float32Array.from({ length: inputs * inputs }, (_, index) => (index % (inputs + 1) === 0 ? 1 : 0));
  const { product } = await session.run({ x: new Tensor('float32', unit, [inputs, inputs]) });
  const columns = floatsOf(product);
  return columns.map((_, index) => columns[(index % inputs) * outputs + Math.floor(index / inputs)] ?? Number.NaN);
}

function productModel({ codes, scales, zeroPoints }: Blocks, outputs: number, inputs: number, format: BlockFormat) {
  const { bits, blockSize } = format;
  const blocks = Math.ceil(inputs / blockSize);
  const dims = [outputs, Math.ceil((blocks * bits) / 8)];
  const zeros = zeroPoints && ({ name: 'zeros', dtype: 'uint8', dims, content: { external: zeroPoints } } as const);
  const integer = (value: number) => ({ kind: 'integer', value }) as const;
  return encodeModel({
    name: 'product',
    inputs: [{ kind: 'tensor', name: 'x', dtype: 'float32', shape: [inputs, inputs] }],
    outputs: [{ kind: 'tensor', name: 'product', dtype: 'float32', shape: [inputs, outputs] }],
    initializers: [
      { name: 'codes', dtype: 'uint8', dims: [outputs, blocks, (blockSize * bits) / 8], content: { external: codes } },
      { name: 'scales', dtype: 'float32', dims: [outputs, blocks], content: { external: scales } },
      ...(zeros ? [zeros] : []),
    ],
    nodes: [
      {
        name: 'product',
        operator: 'MatMulNBits',
        domain: 'com.microsoft',
        inputs: ['x', 'codes', 'scales', ...(zeros ? ['zeros'] : [])],
        outputs: ['product'],
        attributes: {
          K: integer(inputs),
          N: integer(outputs),
          bits: integer(bits),
          block_size: integer(blockSize),
          // Activations stay float32.
          accuracy_level: integer(1),
        },
      },
    ],
  });
}
