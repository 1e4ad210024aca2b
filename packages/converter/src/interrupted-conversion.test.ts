import { readdirSync, truncateSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, MANIFEST_FILE, ModelFileError, WeightMismatchError } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { indicatorsWarning } from '../test/indicators-warning.ts';
import { checkpointCopy, type TinyTensors } from '../test/checkpoint-copy.ts';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { convertCheckpoint } from './convert-checkpoint.ts';

const tiny = fixturePath('ovis2-tiny');
const embedding = 'llm.model.embed_tokens.weight';
const head = 'llm.lm_head.weight';

/** Sets one number of a tensor. */
const set = (name: string, index: number, value: number) => (tensors: TinyTensors) => {
  const data = tensors.get(name)?.data;
  if (data) data[index] = value;
};

describe('an abort ends the conversion with its reason and leaves nothing', () => {
  const reason = new Error('enough');

  test('before it begins', async () => {
    const parent = await temporaryFolder();
    const converting = convertCheckpoint(tiny, join(parent, 'bundle'), { signal: AbortSignal.abort(reason) });
    await expect(converting).rejects.toBe(reason);
    expect(await readdir(parent)).toEqual([]);
  });

  test.each([1, 5, 40])('at progress report %i', async (when) => {
    const parent = await temporaryFolder();
    const controller = new AbortController();
    let reports = 0;
    const onProgress = () => {
      if (++reports === when) controller.abort(reason);
    };
    const converting = convertCheckpoint(tiny, join(parent, 'bundle'), { signal: controller.signal, onProgress });
    await expect(converting).rejects.toBe(reason);
    expect(reports).toBe(when);
    expect(await readdir(parent)).toEqual([]);
  });

  test('unless the bundle is complete', async () => {
    const parent = await temporaryFolder();
    const controller = new AbortController();
    await convertCheckpoint(tiny, join(parent, 'bundle'), { signal: controller.signal });
    controller.abort(reason);
    expect(await readdir(parent)).toEqual(['bundle']);
  });
});

test('nothing that loads lies anywhere until the end, as after a crash', async () => {
  const parent = await temporaryFolder();
  const seen = new Set<string>();
  const onProgress = () => {
    for (const path of readdirSync(parent, { recursive: true, encoding: 'utf8' })) seen.add(path);
  };
  await convertCheckpoint(tiny, join(parent, 'bundle'), { onProgress });
  expect([...seen].some((path) => path.endsWith('decoder.data'))).toBe(true);
  expect([...seen].filter((path) => path.includes(MANIFEST_FILE) || path.startsWith('bundle'))).toEqual([]);
});

test('a file that is cut off while it is read leaves nothing', async () => {
  const checkpoint = await checkpointCopy('ovis2-tiny');
  const parent = await temporaryFolder();
  const onProgress = () => truncateSync(join(checkpoint, 'model.safetensors'), 20_000);
  const converting = convertCheckpoint(checkpoint, join(parent, 'bundle'), { onProgress });
  await expect(converting).rejects.toThrow(ModelFileError);
  await expect(converting).rejects.toThrow(/truncated or was changed while it was read/);
  expect(await readdir(parent)).toEqual([]);
});

test('an error of the progress callback ends the conversion and leaves nothing', async () => {
  const parent = await temporaryFolder();
  const onProgress = () => {
    throw new Error('of the caller');
  };
  await expect(convertCheckpoint(tiny, join(parent, 'bundle'), { onProgress })).rejects.toThrow('of the caller');
  expect(await readdir(parent)).toEqual([]);
});

describe('the target', () => {
  test('is never the checkpoint', async () => {
    const checkpoint = await checkpointCopy('ovis2-tiny');
    const before = await readdir(checkpoint);
    for (const overwrite of [false, true]) {
      await expect(convertCheckpoint(checkpoint, checkpoint, { overwrite })).rejects.toThrow(InvalidArgumentError);
    }
    expect(await readdir(checkpoint)).toEqual(before);
  });

  test('keeps its bundle when replacing it fails', async () => {
    const parent = await temporaryFolder();
    const bundle = join(parent, 'bundle');
    await convertCheckpoint(tiny, bundle);
    const before = await readFile(join(bundle, MANIFEST_FILE));
    const broken = await checkpointCopy('ovis2-tiny', { change: set('vte.weight', 7, Number.NaN) });
    await expect(convertCheckpoint(broken, bundle, { overwrite: true })).rejects.toThrow(ModelFileError);
    expect(await readdir(parent)).toEqual(['bundle']);
    expect(await readFile(join(bundle, MANIFEST_FILE))).toEqual(before);
    const manifest = await convertCheckpoint(tiny, bundle, { dtype: 'f32', overwrite: true });
    expect(JSON.parse(await readFile(join(bundle, MANIFEST_FILE), 'utf8'))).toEqual(manifest);
  });
});

describe('weights', () => {
  const convertTo = async (checkpoint: string, dtype: 'f32' | 'f16' | 'int8' = 'int8') =>
    convertCheckpoint(checkpoint, join(await temporaryFolder(), 'bundle'), { dtype });

  test('that are missing, left over or misshapen are all named', async () => {
    const change = (tensors: TinyTensors) => {
      tensors.delete('llm.model.norm.weight');
      tensors.set('llm.model.layers.3.mlp.up_proj.weight', { shape: [1], data: Float32Array.of(1) });
      tensors.set('llm.model.layers.0.mlp.up_proj.weight', { shape: [64, 112], data: new Float32Array(64 * 112) });
    };
    const converting = convertTo(await checkpointCopy('ovis2-tiny', { change }));
    await expect(converting).rejects.toThrow(WeightMismatchError);
    await expect(converting).rejects.toThrow(
      /^3 tensors.*layers\.0\.mlp\.up_proj\.weight has shape \[64, 112\].*norm\.weight is missing/s,
    );
    await expect(converting).rejects.toThrow(/layers\.3\.mlp\.up_proj\.weight is in the checkpoint \[1\], but/);
  });

  test('of a tied head may be missing, and are warned of when they differ', async () => {
    const missing = await checkpointCopy('ovis2-tiny', { change: (tensors) => tensors.delete(head) });
    expect((await convertTo(missing)).warnings).toEqual([indicatorsWarning]);
    const differing = await checkpointCopy('ovis2-tiny', { change: set(head, 38_911, 9) });
    expect((await convertTo(differing)).warnings).toEqual([
      indicatorsWarning,
      expect.stringMatching(
        /ties the output head .* llm\.lm_head\.weight differs from llm\.model\.embed_tokens\.weight/,
      ),
    ]);
  });

  test('too large for float16 are kept within it and warned of', async () => {
    const change = set('llm.model.layers.1.mlp.down_proj.weight', 3, 1e6);
    const manifest = await convertTo(await checkpointCopy('ovis2-tiny', { change }), 'f16');
    expect(manifest.warnings).toEqual([
      indicatorsWarning,
      expect.stringMatching(/^1 numbers of llm\.model\.layers\.1\.mlp\.down_proj\.weight are too large for f16/),
    ]);
  });

  test.each(['int8', 'f16', 'f32'] as const)('that are not finite are refused in %s', async (dtype) => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const checkpoint = await checkpointCopy('ovis2-tiny', { change: set(embedding, 64 * 70 + 1, value) });
      await expect(convertTo(checkpoint, dtype)).rejects.toThrow(
        /Row 70 of llm\.model\.embed_tokens\.weight holds NaN or an infinity/,
      );
    }
    const norm = await checkpointCopy('ovis2-tiny', { change: set('llm.model.norm.weight', 3, Number.NaN) });
    await expect(convertTo(norm, dtype)).rejects.toThrow(/llm\.model\.norm\.weight holds NaN/);
  });
});

test('a checkpoint without tokenizer is refused before anything is written', async () => {
  const checkpoint = await checkpointCopy('ovis2.5-tiny');
  await rm(join(checkpoint, 'tokenizer.json'));
  await rm(join(checkpoint, 'vocab.json'));
  const parent = await temporaryFolder();
  await expect(convertCheckpoint(checkpoint, join(parent, 'bundle'))).rejects.toThrow(/holds no tokenizer\.json/);
  expect(await readdir(parent)).toEqual([]);
});
