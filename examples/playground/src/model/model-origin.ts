import type { ModelSource } from 'ovis/web';

/** Where a model comes from. */
export type ModelOrigin = {
  readonly source: ModelSource;
  /** The same model as it was converted for graphics adapters, where there is one. */
  readonly webGpuSource?: ModelSource;
  /** What people see before the model's own name is known. */
  readonly label: string;
  readonly kind: 'embedded' | 'address' | 'local';
};

/** The model that comes with the page. */
export const embeddedModel: ModelOrigin = {
  source: 'models/nano/',
  webGpuSource: 'models/nano-webgpu/',
  label: 'the embedded model',
  kind: 'embedded',
};

/** A model on a server. */
export function modelAt(address: string): ModelOrigin {
  const url = new URL(address);
  const name = url.pathname
    .replace(/\/(ovis\.json)?$/u, '')
    .split('/')
    .at(-1);
  return {
    source: url.href,
    label: name === undefined || name === '' ? url.host : decodeURIComponent(name),
    kind: 'address',
  };
}

/** A model in a folder of this machine. */
export function modelInFolder(folder: FileSystemDirectoryHandle): ModelOrigin {
  return { source: folder, label: folder.name, kind: 'local' };
}

/** A model as its files. */
export function modelOfFiles(files: readonly File[]): ModelOrigin {
  const folder = files[0]?.webkitRelativePath.split('/', 1)[0];
  return { source: files, label: folder === undefined || folder === '' ? 'the chosen files' : folder, kind: 'local' };
}
