import { asyncDispose, InvalidArgumentError, MANIFEST_FILE, StorageError } from '@ovis/core';
import { BlobFiles, type BlobSource } from './blob-files.ts';
import type { WebFiles } from './web-files.ts';

/**
 * A bundle in a folder that the user opened (File System Access). The permission to read must have been given.
 *
 * @throws ModelFileError when its ovis.json is missing, StorageError when it may not be read.
 */
export function folderFiles(folder: FileSystemDirectoryHandle): WebFiles {
  return given({
    location: folder.name,
    blob: async (path) => {
      const parts = path.split('/');
      const name = parts.pop() ?? '';
      try {
        let place = folder;
        for (const part of parts) place = await place.getDirectoryHandle(part);
        return await (await place.getFileHandle(name)).getFile();
      } catch (error) {
        if (!(error instanceof DOMException)) throw error;
        if (error.name === 'NotFoundError' || error.name === 'TypeMismatchError') return null;
        throw new StorageError(
          `${folder.name}/${path} may not be read: ${error.message}. Ask the user again, in a click: folder.requestPermission().`,
          { cause: error },
        );
      }
    },
  });
}

/**
 * A bundle as a list of files: from `<input type="file" webkitdirectory>`, with their paths, or chosen or dropped one
 * by one, with their names alone. Files that belong to no bundle may be among them.
 *
 * @throws InvalidArgumentError when there is not exactly one ovis.json.
 */
export function listedFiles(files: readonly File[]): WebFiles {
  const manifests = files.map(pathOf).filter((path) => path === MANIFEST_FILE || path.endsWith(`/${MANIFEST_FILE}`));
  const [manifest] = manifests;
  if (manifest === undefined || manifests.length > 1) {
    throw new InvalidArgumentError(
      manifest === undefined
        ? `None of the ${files.length} files is ${MANIFEST_FILE}. Choose the folder, or all files, of a converted model.`
        : `Several of the files are called ${MANIFEST_FILE}: ${manifests.slice(0, 5).join(', ')}. Choose one model.`,
    );
  }
  const folder = manifest.slice(0, -MANIFEST_FILE.length);
  const byPath = new Map(files.map((file) => [pathOf(file), file]));
  return given({
    location: folder === '' ? 'the chosen files' : folder.replace(/\/$/u, ''),
    blob: (path) => {
      const file = byPath.get(folder + path) ?? byPath.get(path.slice(path.lastIndexOf('/') + 1));
      return Promise.resolve(file ?? null);
    },
  });
}

function pathOf({ webkitRelativePath, name }: File): string {
  return webkitRelativePath || name;
}

function given(source: BlobSource): WebFiles {
  return Object.assign(new BlobFiles(source), {
    storage: 'given' as const,
    [asyncDispose]: () => Promise.resolve(),
  });
}
