import { createBrowserDecoder, openWebBackend, type BundleTraits } from '@ovis/backend-web';
import type { BundleManifest } from '@ovis/core';
import { readManifestOf } from '../../open-model.ts';
import { Ovis } from '../../ovis.ts';
import { withoutUndefined } from '../../without-undefined.ts';
import { UrlFiles } from './url-files.ts';
import type { LoadOptions } from '../load-options.ts';
import type { PostedSource } from '../protocol.ts';

/** Loads a model in this worker: its files, then the device that suits them, then its graphs. */
export async function loadOvis(
  source: PostedSource,
  { device, threads, runtimeFiles, storage, maxImagePixels: maxPixels, verify, signal, onProgress }: LoadOptions,
): Promise<Ovis> {
  const images = createBrowserDecoder({ maxPixels });
  const place = placeOf(source);
  if (!(place instanceof URL)) throw new Error('not yet');
  void storage;
  const files = new UrlFiles(place);
  const manifest = await readManifestOf(files, signal);
  const backend = await openWebBackend(
    withoutUndefined({ device, threads, runtimeFiles, bundle: traitsOf(manifest), signal }),
  );
  return Ovis.open({ backend, files, images, readPath: null }, { verify, signal, onProgress });
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
