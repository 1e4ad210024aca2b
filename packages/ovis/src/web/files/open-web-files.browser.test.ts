/// <reference types="@vitest/browser-playwright" />
import { fromErrorRecord, ModelFileError, StorageError, type BundleManifest } from '@ovis/core';
import { bundleUrl } from '@ovis/testing/browser';
import { cdp } from 'vitest/browser';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openWebFiles } from './open-web-files.ts';
import { deleteStoredModel, keepStoredModels, listStoredModels, storageState } from './stored-models.ts';
import type { FilesReport, FilesRequest } from './testing/files-messages.ts';

const url = bundleUrl('ovis2-tiny').href;
const DATA = 'decoder.data';
let manifest: BundleManifest;
let total: number;
let dataBytes: number;
beforeAll(async () => {
  manifest = (await (await fetch(`${url}ovis.json`)).json()) as BundleManifest;
  total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  dataBytes = manifest.files.find(({ path }) => path === DATA)?.bytes ?? 0;
});
const workers: Worker[] = [];
afterEach(() => workers.splice(0).forEach((worker) => worker.terminate()));

type Opened = Extract<FilesReport, { readonly type: 'opened' }>;
type Failed = Extract<FilesReport, { readonly type: 'failed' }>;

/** A "tab" that opens the model. */
function tab(request: Partial<FilesRequest>) {
  const worker = new Worker(new URL('./testing/files-worker.ts', import.meta.url), { type: 'module' });
  workers.push(worker);
  const ended = new Promise<Opened | Failed>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<FilesReport>) => {
      if (data.type !== 'progress') resolve(data);
    });
    worker.addEventListener('error', (event) => reject(new Error(event.message)));
  });
  worker.postMessage({ url, storage: 'opfs', ...request });
  return { worker, ended };
}

async function opened(request: Partial<FilesRequest>): Promise<Opened> {
  const report = await tab(request).ended;
  if (report.type === 'failed') throw fromErrorRecord(report.error);
  expect(report.hashes).toEqual(Object.fromEntries(manifest.files.map(({ path, sha256 }) => [path, sha256])));
  return report;
}

async function deleteAll(): Promise<void> {
  for (const model of await listStoredModels()) await deleteStoredModel(model.url);
}

describe.each(['opfs', 'cache'] as const)('storage: %s', (storage) => {
  beforeEach(deleteAll);

  test('a model is stored, listed, found again, works without a network, and can be deleted', async () => {
    const first = await opened({ storage });
    expect(first.storage).toBe(storage);
    expect(first.fetched).toHaveLength(manifest.files.length + 1);
    expect(await listStoredModels()).toMatchObject([
      { url, name: manifest.source.name, bytes: total, storedBytes: total, whole: true, storage },
    ]);
    expect((await opened({ storage })).fetched).toEqual(['ovis.json:0']);
    expect((await opened({ storage, offline: true, verify: 'sizes' })).fetched).toEqual(['ovis.json:0']);
    expect(await deleteStoredModel(url)).toBe(true);
    expect(await deleteStoredModel(url)).toBe(false);
    expect(await listStoredModels()).toEqual([]);
    const report = await tab({ storage, offline: true }).ended;
    expect(report.type).toBe('failed');
  });

  test.each([0, 1, 4321])('goes on after a connection that broke at byte %d', async (dropAfter) => {
    const { fetched } = await opened({ storage, fault: { path: DATA, dropAfter } });
    expect(fetched.filter((file) => file.startsWith(DATA))).toEqual([`${DATA}:0`, `${DATA}:${dropAfter}`]);
  });

  test('what a failed download has left is used by the next', async () => {
    const failed = await tab({ storage, fault: { path: DATA, dropAfter: 700, times: 6 } }).ended;
    expect(failed).toMatchObject({ type: 'failed', error: { code: 'download', details: { received: 4200 } } });
    expect(await listStoredModels()).toMatchObject([{ url, whole: false }]);
    expect((await opened({ storage })).fetched).toContain(`${DATA}:4200`);
  }, 60_000);

  test('two tabs at once download every file once', async () => {
    const reports = await Promise.all([opened({ storage }), opened({ storage })]);
    const fetched = reports.flatMap((report) => report.fetched).filter((file) => !file.startsWith('ovis.json'));
    expect(fetched).toHaveLength(manifest.files.length);
  });

  test('a tab that is closed in the middle leaves no poison, and the other tab goes on', async () => {
    const closing = tab({ storage, fault: { path: DATA, hangAfter: 5000 } });
    await new Promise((resolve) => setTimeout(resolve, 1000)); // Until it hangs in the middle of the file.
    setTimeout(() => closing.worker.terminate(), 1000);
    const { fetched } = await opened({ storage });
    // Private files keep what was written; the Cache API keeps what was put away in whole pieces.
    expect(fetched).toContain(`${DATA}:${storage === 'opfs' ? 5000 : 0}`);
  });

  test('a quota that is too small is found before the download, with the bytes that are missing', async () => {
    const { usedBytes } = (await storageState()) ?? { usedBytes: 0 };
    const quotaSize = usedBytes + Math.floor(total / 2);
    await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin, quotaSize });
    try {
      const report = await tab({ storage }).ended;
      expect(report).toMatchObject({ type: 'failed', error: { code: 'storage' }, fetched: ['ovis.json:0'] });
      const error = report.type === 'failed' ? fromErrorRecord(report.error) : null;
      expect(StorageError.isInstance(error) && error.details).toMatchObject({ needed: total });
    } finally {
      await cdp().send('Storage.overrideQuotaForOrigin', { origin: location.origin });
    }
    await opened({ storage });
  });
});

describe('private files', () => {
  beforeEach(deleteAll);

  const stored = async () => (await navigator.storage.getDirectory()).getDirectoryHandle('ovis-models');
  const hashOf = (path: string) => manifest.files.find((file) => file.path === path)?.sha256 ?? '';

  async function overwrite(name: string, at: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const writable = await (await (await stored()).getFileHandle(name)).createWritable({ keepExistingData: true });
    await writable.write({ type: 'write', position: at, data: bytes });
    await writable.close();
  }

  test('a changed byte is found and repaired', async () => {
    await opened({});
    await overwrite(hashOf(DATA), 1000, Uint8Array.of(1, 2, 3, 4));
    expect((await opened({})).fetched).toEqual(['ovis.json:0', `${DATA}:0`]);
  });

  test('a file without its mark is taken for a beginning, however long it is', async () => {
    await opened({});
    await (await stored()).removeEntry(`${hashOf(DATA)}.whole`);
    await overwrite(hashOf(DATA), dataBytes - 1, Uint8Array.of(255));
    expect((await opened({})).fetched).toEqual(['ovis.json:0', `${DATA}:0`]);
  });

  test('records that a crash has cut are no obstacle', async () => {
    await opened({});
    for await (const name of (await stored()).keys()) {
      if (!name.startsWith('model-')) continue;
      const writable = await (await (await stored()).getFileHandle(name)).createWritable();
      await writable.write('{"url":"ht');
      await writable.close();
    }
    expect((await opened({})).fetched).toEqual(['ovis.json:0']);
  });

  test('auto takes private files in a worker', async () => {
    expect((await opened({ storage: 'auto' })).storage).toBe('opfs');
  });

  test('a model that is loaded is not deleted', async () => {
    const files = await openWebFiles(url, { storage: 'cache' });
    await expect(deleteStoredModel(url)).rejects.toBeInstanceOf(StorageError);
    await files[Symbol.asyncDispose]();
    expect(await deleteStoredModel(url)).toBe(true);
  });
});

describe('files of the user', () => {
  const given = async () => {
    const files = [];
    for (const { path } of [...manifest.files, { path: 'ovis.json' }]) {
      files.push(new File([await (await fetch(url + path)).blob()], path));
    }
    return files;
  };

  test('a list of files is a bundle, with others among them', async () => {
    const files = await openWebFiles([...(await given()), new File(['x'], 'notes.txt')]);
    expect(files.storage).toBe('given');
    expect(await files.sha256(DATA, {})).toBe(manifest.files.find(({ path }) => path === DATA)?.sha256);
    await expect(files.open('none')).rejects.toBeInstanceOf(ModelFileError);
  });

  test('a folder is a bundle', async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('given', { create: true });
    for (const file of await given()) {
      const writable = await (await folder.getFileHandle(file.name, { create: true })).createWritable();
      await writable.write(file);
      await writable.close();
    }
    const files = await openWebFiles(folder);
    expect(await files.sha256(DATA, {})).toBe(manifest.files.find(({ path }) => path === DATA)?.sha256);
    await expect(files.open('none/there')).rejects.toBeInstanceOf(ModelFileError);
    await expect(files.open('ovis.json/there')).rejects.toBeInstanceOf(ModelFileError);
  });

  test('without ovis.json, or with two, it is refused', async () => {
    const files = await given();
    await expect(openWebFiles(files.filter(({ name }) => name !== 'ovis.json'))).rejects.toThrow(/is ovis\.json/u);
    const second = new File(['{}'], 'ovis.json');
    await expect(openWebFiles([...files, second])).rejects.toThrow(/Several of the files/u);
  });

  test('a file that is taken away is a StorageError', async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('gone', { create: true });
    const handle = await folder.getFileHandle('ovis.json', { create: true });
    const writable = await handle.createWritable();
    await writable.write('{}');
    await writable.close();
    const files = await openWebFiles(folder);
    const file = await files.open('ovis.json');
    await folder.removeEntry('ovis.json');
    await expect(file.read(0, 2)).rejects.toBeInstanceOf(StorageError);
  });
});

test('the state of the storage is told', async () => {
  expect(await storageState()).toMatchObject({ quotaBytes: expect.any(Number) as number });
  expect(typeof (await keepStoredModels())).toBe('boolean');
});

test.each([
  ['ftp://example.com/model/', /http: or https:/u],
  ['https://name:secret@example.com/model/', /name or password/u],
  ['https://', /no address/u],
])('%s is refused', async (address, message) => {
  await expect(openWebFiles(address)).rejects.toThrow(message);
});
