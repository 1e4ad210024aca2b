import { createBrowserDecoder, openWebBackend } from '@ovis/backend-web';
import { asyncDispose } from '@ovis/core';
import { bundleUrl, servedBytes, type BundleChoice } from '@ovis/testing/browser';
import { openModel } from '../src/open-model.ts';
import { openWebFiles } from '../src/web/files/open-web-files.ts';
import type { GoldenModel } from './golden-cases.ts';

/** Threads of WebAssembly, 1 if nothing else is said, and the size of the bundle's files. */
export type GoldenChoice = { readonly threads?: number } & Pick<BundleChoice, 'shardBytes'>;

/** Opens a fixture on this page, from the bundle that the test server makes for the device. */
export async function openGolden(
  model: string,
  device: 'wasm' | 'webgpu',
  { threads = 1, ...choice }: GoldenChoice = {},
): Promise<GoldenModel> {
  const layout = device === 'wasm' ? 'cpu' : 'webgpu';
  const images = createBrowserDecoder();
  const backend = await openWebBackend({ device, threads });
  const files = await openWebFiles(bundleUrl(model, { device: layout, dtype: 'f32', intermediates: true, ...choice }), {
    storage: 'none',
  });
  const loaded = await openModel({ backend, files });
  return {
    loaded,
    readImage: async (name) => images.decode(await servedBytes(`packages/testing/fixtures/${model}/images/${name}`)),
    async [asyncDispose]() {
      await loaded.dispose();
      await backend[asyncDispose]();
    },
  };
}
