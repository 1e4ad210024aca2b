import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { Ovis as PortableOvis, openOwning } from '../ovis.ts';
import type { Platform } from '../platform.ts';
import { stopwatch } from '../stopwatch.ts';
import { bundleOf, checkRecordFolder } from './bundle-of.ts';
import { FolderFiles } from './folder-files.ts';
import type { LoadOptions } from './load-options.ts';
import { readPath } from './read-path.ts';

/** A loaded Ovis model in Node: graphs run on onnxruntime-node in a thread of their own, sharp decodes pictures. */
export class Ovis extends PortableOvis {
  /**
   * Loads a model from a folder: a bundle, or an official checkpoint, which is converted once into a cache
   * folder.
   *
   * @param model - Path or `file:` URL of the folder.
   * @throws ModelFileError when the folder is neither, is damaged, or is of another version;
   * BackendUnavailableError when onnxruntime-node or sharp is not installed or the device cannot be used.
   */
  static async load(model: string | URL, options: LoadOptions = {}): Promise<Ovis> {
    const { device, threads, spinning, maxImagePixels, signal, verify, onProgress } = options;
    const clock = stopwatch();
    signal?.throwIfAborted();
    const images = await createSharpDecoder(maxImagePixels === undefined ? {} : { maxPixels: maxImagePixels });
    const bundle = await bundleOf(model, options);
    const convertMs = clock.lap();
    const backend = await openNodeBackend({
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
      ...(spinning === undefined ? {} : { spinning }),
    });
    const files = new FolderFiles(bundle.folder, checkRecordFolder(options.cacheFolder));
    const platform: Platform = { backend, files, images, readPath };
    const loaded = await openOwning(platform, { verify, onProgress, signal });
    const timings = { ...loaded.timings, convertMs: bundle.converted ? convertMs : 0, totalMs: clock.total() };
    return new Ovis({ ...loaded, timings }, platform);
  }
}
