import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import type { LoadedModel } from '../open-model.ts';
import { openOwning } from '../ovis.ts';
import type { Platform } from '../platform.ts';
import { stopwatch } from '../stopwatch.ts';
import { withoutUndefined } from '../without-undefined.ts';
import { bundleOf, checkRecordFolder } from './bundle-of.ts';
import { FolderFiles } from './folder-files.ts';
import type { LoadOptions } from './load-options.ts';
import { readPath } from './read-path.ts';

/** A model, and the platform it runs on. Dispose the model first, then the platform's backend. */
export type ModelOnPlatform = { readonly loaded: LoadedModel; readonly platform: Platform };

/** Loads a model from a folder: a bundle, or a checkpoint, which is converted once into a cache folder. */
export async function loadModel(model: string | URL, options: LoadOptions): Promise<ModelOnPlatform> {
  const { device, threads, spinning, maxImagePixels, signal, verify, onProgress } = options;
  const clock = stopwatch();
  signal?.throwIfAborted();
  const images = await createSharpDecoder(withoutUndefined({ maxPixels: maxImagePixels }));
  const bundle = await bundleOf(model, options);
  const convertMs = bundle.converted ? clock.total() : 0;
  // The runtime starts while files are checked and the tokenizer is read.
  const backend = openNodeBackend(withoutUndefined({ device, threads, spinning, signal }));
  const files = new FolderFiles(bundle.folder, checkRecordFolder(options.cacheFolder));
  const loaded = await openOwning({ backend, files }, { verify, onProgress, signal });
  const timings = { ...loaded.timings, convertMs, totalMs: clock.total() };
  return { loaded: { ...loaded, timings }, platform: { backend: await backend, files, images, readPath } };
}
