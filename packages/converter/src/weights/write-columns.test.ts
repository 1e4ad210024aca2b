import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '@ovis/core';
import { expect, test } from 'vitest';
import { gaussian } from '../../test/random.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { tensorsInMemory } from '../../test/tensors-in-memory.ts';
import { OutputFile } from '../bundle/output-file.ts';
import { QuantiserHere } from '../quantise/quantise-here.ts';
import { writeColumns } from './write-columns.ts';

const [outputs, inputs] = [70, 133];

async function written(matrix: Float32Array, transposed: boolean, held?: number) {
  const folder = await temporaryFolder();
  await using file = await OutputFile.create(folder, 'matrix.data');
  let bytes = 0;
  const context = {
    tensors: tensorsInMemory({ matrix }),
    quantiser: new QuantiserHere(),
    file,
    onBytes: (count: number) => void (bytes += count),
  };
  const shape = transposed ? [inputs, outputs] : [outputs, inputs];
  const { codes, scales } = await writeColumns({ op: 'tensor', name: 'matrix', shape }, transposed, context, held);
  await file.finish();
  const all = await readFile(join(folder, 'matrix.data'));
  const piece = ({ offset, length }: typeof codes) => new Uint8Array(all.subarray(offset, offset + length));
  return {
    codes: new Int8Array(piece(codes).buffer),
    scales: new Float32Array(piece(scales).buffer),
    bytes,
  };
}

const matrix = gaussian(outputs * inputs, 9);

test('a code times the scale of its output is the number, to half a step', async () => {
  const { codes, scales, bytes } = await written(matrix, false);
  expect([codes.length, scales.length, bytes]).toEqual([outputs * inputs, outputs, outputs * inputs + outputs * 4]);
  for (let output = 0; output < outputs; output++) {
    const scale = scales[output] ?? 0;
    const row = matrix.subarray(output * inputs, (output + 1) * inputs);
    expect(Math.abs(scale) * 128).toBeCloseTo(Math.max(...row.map(Math.abs)), 5);
    row.forEach((value, input) => {
      const code = codes[input * outputs + output] ?? 0;
      // 127 also stands for what lies up to a step above it.
      expect(Math.abs(code * scale - value)).toBeLessThanOrEqual(Math.abs(scale) * (code === 127 ? 1 : 0.501));
    });
  }
});

test('the same bytes come of a matrix that is turned, and in strips of a few inputs', async () => {
  const { codes, scales } = await written(matrix, false);
  const turned = matrix.map((_, index) => matrix[(index % outputs) * inputs + Math.floor(index / outputs)] ?? 0);
  for (const other of [await written(turned, true), await written(matrix, false, 10 * outputs)]) {
    expect(other.codes).toEqual(codes);
    expect(other.scales).toEqual(scales);
  }
});

test('a matrix with NaN is refused', async () => {
  const bad = matrix.slice();
  bad[3 * inputs] = Number.NaN;
  await expect(written(bad, false)).rejects.toThrow(ModelFileError);
});
