import { Worker } from 'node:worker_threads';
import { RuntimeFailureError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { gaussian } from '../../test/random.ts';
import { tensorsInMemory } from '../../test/tensors-in-memory.ts';
import { blockRow, type BlockFormat } from '../weights/block-format.ts';
import { quantisedBatches } from '../weights/quantised-batches.ts';
import { openQuantiser, type QuantiserNeeds } from './open-quantiser.ts';
import { QuantiserHere } from './quantise-here.ts';
import { QuantisePool } from './quantise-pool.ts';

const shape = [1500, 320];
const values = gaussian(1500 * 320, 5);
const formats: readonly BlockFormat[] = [
  { bits: 4, blockSize: 64, symmetric: false },
  { bits: 8, blockSize: 128, symmetric: true },
];

/** Codes, scales and zero points of all batches, each end to end. */
async function quantised(threads: number, format: BlockFormat, transposed: boolean): Promise<readonly Buffer[]> {
  await using quantiser = await openQuantiser({ threads, numbers: values.length });
  expect(quantiser).toBeInstanceOf(threads === 1 ? QuantiserHere : QuantisePool);
  const parts: Buffer[][] = [[], [], []];
  const expression = { op: 'tensor', name: 'matrix', shape } as const;
  const tensors = tensorsInMemory({ matrix: values });
  const batches = quantisedBatches(expression, format, transposed, { tensors, quantiser });
  for await (const { rows, columns, arrays } of batches) {
    const { blocks, codeBytes, zeroPointBytes } = blockRow(format, columns);
    parts[0]?.push(Buffer.from(arrays.codes.slice(0, rows * codeBytes)));
    parts[1]?.push(Buffer.from(arrays.scales.slice(0, rows * blocks).buffer));
    parts[2]?.push(Buffer.from(arrays.zeroPoints.slice(0, rows * zeroPointBytes)));
  }
  return parts.map((part) => Buffer.concat(part));
}

test.each(formats)('$bits bits are the same bytes on every number of threads', async (format) => {
  for (const transposed of [false, true]) {
    const expected = await quantised(1, format, transposed);
    for (const threads of [2, 5]) {
      const got = await quantised(threads, format, transposed);
      expect(got.map((part, index) => part.equals(expected[index] ?? Buffer.alloc(0)))).toEqual([true, true, true]);
    }
  }
});

describe('threads', () => {
  const script = (code: string) => () => Promise.resolve(new Worker(code, { eval: true, stderr: true }));
  const open = (start: QuantiserNeeds['start']) =>
    openQuantiser({ threads: 2, numbers: 1, ...(start === undefined ? {} : { start }) });
  const batch = { data: new Float32Array(64), firstRow: 0, rows: 1, columns: 64 };
  const format = formats[0] ?? { bits: 4, blockSize: 64, symmetric: false };

  test('are not started for little work or none', async () => {
    expect(await openQuantiser({ threads: null, numbers: 1_000_000 })).toBeInstanceOf(QuantiserHere);
    expect(await openQuantiser({ threads: 4, numbers: 0 })).toBeInstanceOf(QuantiserHere);
  });

  test.each([
    ['cannot be made', () => Promise.reject(new Error('no threads here'))],
    ['fail at once', script('throw new Error("broken")')],
    ['end at once', script('process.exit(0)')],
  ] as const)('that %s leave the work to the caller', async (_, start) => {
    expect(await open(start)).toBeInstanceOf(QuantiserHere);
  });

  test.each([
    ['fail', 'throw new Error("out of luck")', /out of luck/],
    ['end', 'process.exit(3)', /code 3/],
  ])('that %s in the middle reject what they were asked', async (_, action, message) => {
    const port = 'const { parentPort } = require("node:worker_threads");';
    const start = script(
      `${port} parentPort.on("message", () => { ${action} }); parentPort.postMessage({ type: "ready" });`,
    );
    await using quantiser = await open(start);
    const asked = [quantiser.quantise(batch, format), quantiser.quantise(batch, format)];
    const ends = await Promise.allSettled(asked);
    for (const end of ends) {
      const reason: unknown = end.status === 'rejected' ? end.reason : null;
      expect(reason).toBeInstanceOf(RuntimeFailureError);
      expect(String(reason)).toMatch(message);
    }
    await expect(quantiser.quantise(batch, format)).rejects.toThrow(message);
  });

  test('end with the pool, whatever they do', async () => {
    const quantiser = await open(undefined);
    const large = { data: gaussian(1 << 20, 1), firstRow: 0, rows: 1 << 10, columns: 1 << 10 };
    const asked = quantiser.quantise(large, format);
    const [outcome] = await Promise.allSettled([asked, quantiser[Symbol.asyncDispose]()]);
    expect(outcome.status === 'rejected' && String(outcome.reason)).toMatch(/before it was done/);
  });
});
