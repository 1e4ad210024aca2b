import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { convertCheckpoint } from '@ovis/converter';
import { asyncDispose } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { FolderFiles } from '../src/node/folder-files.ts';
import { readPath } from '../src/node/read-path.ts';
import { openModel } from '../src/open-model.ts';
import { Ovis } from '../src/ovis.ts';
import type { GoldenModel } from './golden-cases.ts';

/** A fixture, with what Node gives beyond its stages. */
export type LoadedFixture = GoldenModel & {
  readonly ovis: Ovis;
  /** The bundle's folder, which goes away with the rest. */
  readonly bundle: string;
};

/** Converts `packages/testing/fixtures/<model>` for a device and loads it there. */
export async function loadFixture(model: string, device: 'cpu' | 'webgpu' = 'cpu'): Promise<LoadedFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'ovis-fixture-'));
  const bundle = join(folder, 'bundle');
  await convertCheckpoint(fixturePath(model), bundle, { dtype: 'f32', device, intermediates: true });
  const images = await createSharpDecoder();
  const backend = await openNodeBackend({ device, threads: 1 });
  const platform = { backend, images, readPath, files: new FolderFiles(bundle) };
  const loaded = await openModel(platform);
  return {
    loaded,
    ovis: new Ovis(loaded, platform),
    bundle,
    readImage: async (name) => images.decode(await readPath(fixturePath(`${model}/images/${name}`))),
    async [asyncDispose]() {
      await loaded.dispose();
      await backend[asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
