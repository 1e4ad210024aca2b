import { createBrowserDecoder, openWebBackend, type BundleTraits } from '@ovis/backend-web';
import { asyncDispose, type BundleManifest } from '@ovis/core';
import type { ComparedModel } from '../../compare/observe-sample.ts';
import { readManifestOf } from '../../open-model.ts';
import { openOwning, Ovis } from '../../ovis.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { openWebFiles } from '../files/open-web-files.ts';
import type { WebFiles } from '../files/web-files.ts';
import type { LoadOptions } from '../load-options.ts';
import type { PostedSource } from '../protocol.ts';

/** A model, as one side of a comparison too, and the files that it came from. */
export type LoadedOvis = { readonly ovis: Ovis; readonly compared: ComparedModel; readonly files: WebFiles };

/** Loads a model in this worker: its files, then the device that suits them, then its graphs. */
export async function loadOvis(
  source: PostedSource,
  { device, threads, runtimeFiles, storage, maxImagePixels: maxPixels, verify, signal, onProgress }: LoadOptions,
): Promise<LoadedOvis> {
  const images = createBrowserDecoder({ maxPixels });
  const files = await openWebFiles(placeOf(source), { storage, verify, signal, onProgress });
  try {
    const manifest = await readManifestOf(files, signal);
    const bundle = traitsOf(manifest);
    const backend = await openWebBackend(withoutUndefined({ device, threads, runtimeFiles, bundle, signal }));
    const platform = { backend, files, images, readPath: null };
    const loaded = await openOwning(platform, { verify, signal, onProgress });
    return { files, ovis: new Ovis(loaded, platform), compared: { loaded, reader: platform } };
  } catch (error) {
    await files[asyncDispose]();
    throw error;
  }
}

function placeOf(source: PostedSource): URL | FileSystemDirectoryHandle | readonly File[] {
  switch (source.kind) {
    case 'url':
      return new URL(source.href);
    case 'folder':
      return source.folder;
    case 'files':
      return source.files;
  }
}

/** What decides about the device. Tables are read by the host, on every device alike. */
function traitsOf({ device: layout, dtypes, files, graphs }: BundleManifest): BundleTraits {
  const { decoder, lmHead, vit, visualHead, visualTable } = dtypes;
  const used = new Set(Object.values(graphs).flatMap((graph) => graph?.externalData ?? []));
  return {
    layout,
    halfPrecision: layout === 'webgpu' && [decoder, lmHead, vit, visualHead, visualTable].includes('f16'),
    weightBytes: files.reduce((sum, { path, bytes }) => (used.has(path) ? sum + bytes : sum), 0),
  };
}
