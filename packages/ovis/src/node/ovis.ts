import { Ovis as PortableOvis } from '../ovis.ts';
import { loadModel } from './load-model.ts';
import type { LoadOptions } from './load-options.ts';

/** A loaded Ovis model in Node: graphs run on onnxruntime-node in threads of their own, sharp decodes pictures. */
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
    const { loaded, platform } = await loadModel(model, options);
    return new Ovis(loaded, platform);
  }
}
