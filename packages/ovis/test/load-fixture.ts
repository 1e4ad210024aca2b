import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { convertCheckpoint } from '@ovis/converter';
import { asyncDispose } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { FolderFiles } from '../src/node/folder-files.ts';
import { readPath } from '../src/node/read-path.ts';
import { openModel, type LoadedModel } from '../src/open-model.ts';
import { Ovis } from '../src/ovis.ts';

/** A fixture checkpoint, converted in float32 with all stages visible and loaded. */
export type LoadedFixture = AsyncDisposable & {
  readonly loaded: LoadedModel;
  readonly ovis: Ovis;
  /** The bundle's folder, which goes away with the rest. */
  readonly bundle: string;
  readonly readImage: (name: string) => ReturnType<Awaited<ReturnType<typeof createSharpDecoder>>['decode']>;
};

/** Converts and loads `packages/testing/fixtures/<model>`. */
export async function loadFixture(model: string): Promise<LoadedFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'ovis-fixture-'));
  const bundle = join(folder, 'bundle');
  await convertCheckpoint(fixturePath(model), bundle, { dtype: 'f32', intermediates: true });
  const images = await createSharpDecoder();
  const backend = await openNodeBackend({ threads: 1 });
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
