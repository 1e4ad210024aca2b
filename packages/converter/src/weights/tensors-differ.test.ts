import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { floatTensor, safetensorsBytes } from '../../test/safetensors-bytes.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { CheckpointFolder } from '../checkpoint/checkpoint-folder.ts';
import { openTensors } from '../safetensors/open-tensors.ts';
import { tensorsDiffer } from './tensors-differ.ts';

const length = 300_000;
const values = (last: number) => Array.from({ length }, (_, index) => (index === length - 1 ? last : index % 100));

const stop = () => {
  throw new Error('stopped');
};

test('compares numbers, not bytes, to the last one', async () => {
  const folder = await temporaryFolder();
  const tensors = {
    a: floatTensor('F32', [length], values(1)),
    same: floatTensor('BF16', [length], values(1)),
    other: floatTensor('F32', [length], values(2)),
    short: floatTensor('F32', [1], [0]),
  };
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(tensors));
  await using store = await openTensors(await CheckpointFolder.open(folder));
  const differ = (name: string) => tensorsDiffer(store, 'a', name, () => undefined);
  expect(await Promise.all(['same', 'other', 'short', 'missing'].map(differ))).toEqual([false, true, true, false]);
  await expect(tensorsDiffer(store, 'a', 'same', stop)).rejects.toThrow('stopped');
});
