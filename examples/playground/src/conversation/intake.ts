import { loadModel } from '../model/model-state.ts';
import { modelInFolder, modelOfFiles } from '../model/model-origin.ts';
import { addPictures } from './draft.ts';
import { isDropping } from './dropping.ts';

/** Takes what is dropped on the page or pasted into it: pictures for the next question, or the folder of a model. */
export function takeDropsAndPastes(): void {
  let inside = 0;
  window.addEventListener('dragenter', (event) => {
    if (event.dataTransfer?.types.includes('Files') !== true) return;
    inside++;
    isDropping.value = true;
  });
  window.addEventListener('dragleave', () => {
    inside = Math.max(0, inside - 1);
    if (inside === 0) isDropping.value = false;
  });
  window.addEventListener('dragover', (event) => {
    event.preventDefault();
  });
  window.addEventListener('drop', (event) => {
    event.preventDefault();
    inside = 0;
    isDropping.value = false;
    if (event.dataTransfer !== null) void takeDrop(event.dataTransfer);
  });
  window.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    void takeFiles(files);
  });
}

/** Pictures, or the files of a model. */
async function takeFiles(files: readonly File[]): Promise<void> {
  if (files.some(({ name }) => name === 'ovis.json')) await loadModel(modelOfFiles(files));
  else await addPictures(files.map((file) => ({ file, name: file.name || 'picture' })));
}

async function takeDrop(data: DataTransfer): Promise<void> {
  // Entries are only there until the first await.
  const items = [...data.items];
  const files = [...data.files];
  const handle = items.length === 1 && items[0] !== undefined ? folderHandle(items[0]) : null;
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const folder = await handle;
  if (folder !== null) {
    await loadModel(modelInFolder(folder));
    return;
  }
  const folders = entries.filter((entry) => entry.isDirectory);
  if (folders.length === 0) await takeFiles(files);
  else await takeFiles((await Promise.all(entries.map(filesIn))).flat());
}

/** Some browsers give a folder that can be read file by file. */
async function folderHandle(item: DataTransferItem): Promise<FileSystemDirectoryHandle | null> {
  if (!('getAsFileSystemHandle' in item) || typeof item.getAsFileSystemHandle !== 'function') return null;
  try {
    const handle: unknown = await item.getAsFileSystemHandle();
    return handle instanceof FileSystemDirectoryHandle ? handle : null;
  } catch {
    return null;
  }
}

/** All files of a dropped entry. A model has no folders in folders in folders. */
async function filesIn(entry: FileSystemEntry, depth = 0): Promise<File[]> {
  if (entry instanceof FileSystemFileEntry) {
    return [await new Promise<File>((resolve, reject) => entry.file(resolve, reject))];
  }
  if (!(entry instanceof FileSystemDirectoryEntry) || depth > 3) return [];
  const reader = entry.createReader();
  const files: File[] = [];
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return files;
    for (const inner of entries) files.push(...(await filesIn(inner, depth + 1)));
  }
}
