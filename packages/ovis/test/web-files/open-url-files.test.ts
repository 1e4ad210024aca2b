import { asyncDispose, DownloadError, MANIFEST_FILE, ModelFileError, StorageError, type Progress } from '@ovis/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openUrlFiles, type UrlFilesOptions } from '../../src/web/files/open-url-files.ts';
import { MemoryStore } from '../../src/web/files/storage/memory-store.ts';
import { allRecords } from '../../src/web/files/storage/model-records.ts';
import { testEnvironment, type TestEnvironment } from './environment.ts';
import { ModelServer, smallBundle } from './model-server.ts';

const DATA = 'decoder.data';
let server: ModelServer;
let store: MemoryStore;
let environment: TestEnvironment;
beforeEach(async () => {
  server = await ModelServer.start();
  store = new MemoryStore('opfs');
  environment = testEnvironment();
});
afterEach(() => server.stop());

const open = (options: Partial<UrlFilesOptions> = {}) =>
  openUrlFiles(server.url, store, environment, { verify: 'full', ...options });
const bytesOf = (path: string) => server.files.get(path) ?? new Uint8Array();

/** Every file of the bundle is what the server has. */
async function expectWhole(files: Awaited<ReturnType<typeof open>>): Promise<void> {
  for (const [path, bytes] of server.files) {
    await using file = await files.open(path);
    expect(file.size, path).toBe(bytes.length);
    expect(Buffer.from(bytes).equals(await file.read(0, file.size)), path).toBe(true);
  }
}

describe('a download', () => {
  test('gives every file, and reports bytes up to their sum', async () => {
    const heard: Progress[] = [];
    const files = await open({ onProgress: (progress) => heard.push(progress) });
    await expectWhole(files);
    const total = [...server.files].reduce((sum, [path, { length }]) => sum + (path === MANIFEST_FILE ? 0 : length), 0);
    expect(heard.at(-1)).toMatchObject({ phase: 'download', done: total, total });
    expect(heard.every(({ done }, at) => done >= (heard[at - 1]?.done ?? 0))).toBe(true);
    expect(await files.sha256(DATA, {})).toMatch(/^[0-9a-f]{64}$/u);
  });

  test('graphs get their data as Blobs', async () => {
    const files = await open();
    const graph = await files.graph('decoder.onnx', [DATA]);
    expect(graph).toMatchObject({ kind: 'bytes', model: bytesOf('decoder.onnx') });
    const [data] = graph.kind === 'bytes' ? graph.externalData : [];
    expect(data?.location).toBe(DATA);
    expect(data?.data).toBeInstanceOf(Blob);
  });

  test.each([0, 1, 2, 1000, 2500, 4998, 4999])(
    'goes on after a connection that broke at byte %d',
    async (dropAfter) => {
      server.plan(DATA, { dropAfter });
      await expectWhole(await open());
      const requests = server.requestsOf(DATA);
      expect(requests).toHaveLength(2);
      expect(requests[1]?.range).toBe(dropAfter === 0 ? null : `bytes=${dropAfter}-`);
    },
  );

  test('survives five broken connections in a row, with growing pauses', async () => {
    server.plan(DATA, ...[100, 200, 0, 1, 300].map((dropAfter) => ({ dropAfter })));
    await expectWhole(await open());
    expect(environment.pauses).toHaveLength(5);
    expect(environment.pauses[4]).toBeGreaterThan((environment.pauses[0] ?? Infinity) * 4);
  });

  test('gives up after six, keeps what came, and the next call goes on there', async () => {
    server.plan(DATA, ...[100, 200, 0, 1, 300, 50].map((dropAfter) => ({ dropAfter })));
    const failed = open();
    await expect(failed).rejects.toBeInstanceOf(DownloadError);
    await expect(failed).rejects.toThrow(/6 tries; 651 of \d+ bytes are there.*goes on where it stopped/u);
    server.seen.length = 0;
    await expectWhole(await open());
    expect(server.requestsOf(DATA).map(({ range }) => range)).toEqual(['bytes=651-']);
    expect(server.requestsOf('decoder.onnx').length + server.requestsOf(DATA).length).toBeLessThanOrEqual(2);
  });

  test('begins anew where the server knows no ranges', async () => {
    server.ranges = false;
    server.plan(DATA, { dropAfter: 1000 });
    await expectWhole(await open());
  });

  test('begins anew when the file has changed on the server in between', async () => {
    const old = bytesOf(DATA);
    server.plan(DATA, { body: old.map((byte) => byte ^ 1), dropAfter: 1000 });
    await expectWhole(await open());
    expect(server.requestsOf(DATA).map(({ range }) => range)).toEqual([null, 'bytes=1000-', null]);
  });

  test('asks its own origin with If-Range, and begins anew at once', async () => {
    environment = testEnvironment({ origin: server.origin });
    server.plan(DATA, { body: bytesOf(DATA).map((byte) => byte ^ 1), dropAfter: 1000 });
    await expectWhole(await open());
    const requests = server.requestsOf(DATA);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.ifRange).toMatch(/^"/u);
  });

  test('finds an old beginning by the hash where there are no ETags', async () => {
    server.etags = false;
    server.plan(DATA, { body: bytesOf(DATA).map((byte) => byte ^ 1), dropAfter: 1000 });
    await expectWhole(await open());
    expect(server.requestsOf(DATA).map(({ range }) => range)).toEqual([null, 'bytes=1000-', null]);
  });

  test('waits as long as a busy server asks', async () => {
    server.plan(DATA, { status: 503, headers: { 'Retry-After': '7' } }, { status: 429 });
    await expectWhole(await open());
    expect(environment.pauses[0]).toBe(7000);
  });

  test('follows the redirects of a model hub, each time anew', async () => {
    server.hub = true;
    server.plan(DATA, { dropAfter: 1234 });
    await expectWhole(await open());
    expect(server.requestsOf(DATA)[1]?.range).toBe('bytes=1234-');
  });

  test('takes the address of ovis.json, and passes a query on', async () => {
    const asked: string[] = [];
    const recording = testEnvironment({
      fetch: (url, init) => {
        asked.push(url);
        return fetch(url, init);
      },
    });
    const url = new URL(`${MANIFEST_FILE}?token=a%2Fb#part`, server.url);
    const files = await openUrlFiles(url, store, recording, { verify: 'full' });
    await expectWhole(files);
    expect(files.location).toBe(`${server.origin}/bundle`);
    expect(asked.every((address) => address.endsWith('?token=a%2Fb'))).toBe(true);
  });

  test('is kept as far as it came when it is aborted, and is no poison', async () => {
    const controller = new AbortController();
    server.plan(DATA, { hangAfter: 2000 });
    const opening = open({
      signal: controller.signal,
      onProgress: ({ item }) => item === DATA && setTimeout(() => controller.abort('enough'), 30),
    });
    await expect(opening).rejects.toBe('enough');
    await expectWhole(await open());
    expect(server.requestsOf(DATA).at(-1)?.range).toBe('bytes=2000-');
  });

  test('aborted before it begins asks nothing', async () => {
    await expect(open({ signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
    expect(server.seen.filter(({ path }) => path !== MANIFEST_FILE)).toEqual([]);
  });

  test('in two tabs loads every file once', async () => {
    const [left, right] = await Promise.all([open(), open()]);
    await expectWhole(left);
    await expectWhole(right);
    expect(server.requestsOf(DATA)).toHaveLength(1);
  });

  test('of a tab that is aborted is taken over by the other', async () => {
    const controller = new AbortController();
    server.plan(DATA, { hangAfter: 1500 });
    const left = open({
      signal: controller.signal,
      onProgress: ({ item }) => item === DATA && setTimeout(() => controller.abort('closed'), 30),
    });
    const right = open();
    await expect(left).rejects.toBe('closed');
    await expectWhole(await right);
    expect(server.requestsOf(DATA).map(({ range }) => range)).toEqual([null, 'bytes=1500-']);
  });
});

describe('a second visit', () => {
  beforeEach(async () => {
    await (await open())[asyncDispose]();
    server.seen.length = 0;
  });

  test('asks only for the manifest', async () => {
    await expectWhole(await open());
    expect(server.seen.map(({ path }) => path)).toEqual([MANIFEST_FILE]);
  });

  test('works without a network', async () => {
    environment.offline = true;
    await expectWhole(await open());
    expect(environment.pauses).toEqual([]);
  });

  test.each([
    ['an error', { status: 500 }],
    ['no file any more', { status: 404 }],
    ['a login page', { body: new TextEncoder().encode('<html>'), headers: { 'Content-Type': 'text/html' } }],
    ['a broken manifest', { body: new TextEncoder().encode('{') }],
    ['half a manifest', { dropAfter: 50 }],
  ])('uses what is stored when the server gives %s', async (_, treatment) => {
    server.plan(MANIFEST_FILE, treatment);
    await expectWhole(await open());
  });

  test('repairs a file that has changed in storage, and only that', async () => {
    const hash = await (await open()).sha256(DATA, {});
    const writer = await store.append(hash);
    await writer.clear();
    await writer.write(bytesOf(DATA).map((byte, at) => (at === 3000 ? byte ^ 4 : byte)));
    await writer.close();
    server.seen.length = 0;
    const heard: Progress[] = [];
    await expectWhole(await open({ onProgress: (progress) => heard.push(progress) }));
    expect(server.seen.map(({ path }) => path)).toEqual([MANIFEST_FILE, DATA]);
    expect(heard[0]?.phase).toBe('verify');
  });

  test.each(['auto', 'full'] as const)('hashes every file only once, with verify: %s', async (verify) => {
    const files = await open({ verify });
    const read = vi.spyOn(Blob.prototype, 'arrayBuffer');
    expect(await files.sha256(DATA, {})).toMatch(/^[0-9a-f]{64}$/u);
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
  });

  test.each(['full', 'sizes'] as const)('repairs a file that was cut, with verify: %s', async (verify) => {
    const hash = await (await open()).sha256(DATA, {});
    const writer = await store.append(hash);
    await writer.clear();
    await writer.write(bytesOf(DATA).subarray(0, 100));
    await writer.close();
    await expectWhole(await open({ verify }));
  });

  test('cannot repair without a network, and says so', async () => {
    await store.remove(await (await open()).sha256(DATA, {}));
    environment.offline = true;
    await expect(open()).rejects.toBeInstanceOf(DownloadError);
  });

  test('loads a new version, of equal files nothing, and removes the old', async () => {
    const changed = smallBundle(5000, 2);
    const kept = 'tokenizer.json';
    const manifest = JSON.parse(new TextDecoder().decode(changed.get(MANIFEST_FILE))) as { files: { path: string }[] };
    const before = JSON.parse(new TextDecoder().decode(bytesOf(MANIFEST_FILE))) as { files: { path: string }[] };
    manifest.files = manifest.files.map((file) =>
      file.path === kept ? (before.files.find(({ path }) => path === kept) ?? file) : file,
    );
    changed.set(kept, bytesOf(kept));
    changed.set(MANIFEST_FILE, new TextEncoder().encode(JSON.stringify(manifest)));
    server.files = changed;
    const names = (await store.names()).length;
    await expectWhole(await open());
    expect(server.requestsOf(kept)).toEqual([]);
    expect((await store.names()).length).toBe(names);
  });

  test('works without a network while a new version has come only in part', async () => {
    const old = server.files;
    server.files = smallBundle(6000, 3);
    server.plan(DATA, { status: 404 });
    await expect(open()).rejects.toBeInstanceOf(DownloadError);
    expect((await allRecords(store)).map(({ state }) => state).toSorted()).toEqual(['begun', 'whole']);
    server.files = old;
    environment.offline = true;
    await expectWhole(await open());
  });
});

describe('a server that lies or fails', () => {
  test.each([
    ['more bytes than the manifest says', { body: new Uint8Array(9000) }, ModelFileError, /more than the \d+ bytes/u],
    ['other bytes', { body: new Uint8Array(5001) }, ModelFileError, /SHA-256 is/u],
    ['nothing (404)', { status: 404 }, DownloadError, /answered 404.*no such file/u],
    ['a refusal (403)', { status: 403 }, DownloadError, /answered 403.*forbids/u],
    [
      'a web page',
      { body: new TextEncoder().encode('<!doctype html>'), headers: { 'Content-Type': 'text/html; charset=utf-8' } },
      DownloadError,
      /is a web page, not decoder.data/u,
    ],
  ])('gives an error for %s', async (_, treatment, kind, message) => {
    const index = [...server.files.keys()].indexOf(DATA);
    const body = 'body' in treatment && treatment.body.length === 5001 ? new Uint8Array(5000 + index) : undefined;
    const all = { ...treatment, ...(body === undefined ? {} : { body }) };
    server.plan(DATA, all, all, all);
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(kind);
    await expect(opening).rejects.toThrow(message);
    server.plan(DATA);
    await expectWhole(await open());
  });

  test('a file that ends too early every time is given up, whatever its length is said to be', async () => {
    const short = { body: bytesOf(DATA).subarray(0, 100) };
    server.plan(DATA, ...Array.from({ length: 9 }, () => short));
    await expect(open()).rejects.toThrow(/decoder.data/u);
    expect(server.requestsOf(DATA).length).toBeLessThanOrEqual(7);
  });

  test('an own server that says another length is refused before a byte is read', async () => {
    environment = testEnvironment({ origin: server.origin });
    server.plan(DATA, { body: bytesOf(DATA).subarray(0, 100) });
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(ModelFileError);
    await expect(opening).rejects.toThrow(/has 100 bytes; the manifest says/u);
  });

  test.each([
    ['no manifest', { status: 404 }, DownloadError, /ovis\.json.*404/u],
    ['a web page', { body: new Uint8Array(5), headers: { 'Content-Type': 'text/html' } }, DownloadError, /web page/u],
    ['no JSON', { body: new TextEncoder().encode('nothing') }, ModelFileError, /not valid JSON/u],
    ['17 MB', { body: new Uint8Array(17 * 2 ** 20) }, ModelFileError, /which no manifest has/u],
  ])('%s instead of ovis.json is refused', async (_, treatment, kind, message) => {
    server.plan(MANIFEST_FILE, treatment);
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(kind);
    await expect(opening).rejects.toThrow(message);
  });

  test.each([
    ['a path out of the bundle', (file: object) => ({ ...file, path: '../../other' })],
    ['an address as a path', (file: object) => ({ ...file, path: 'https://example.com/x' })],
    ['a negative size', (file: object) => ({ ...file, bytes: -1 })],
    ['a hash that is none', (file: object) => ({ ...file, sha256: '../x' })],
  ])('a manifest with %s is refused before anything is fetched', async (_, change) => {
    const manifest = JSON.parse(new TextDecoder().decode(bytesOf(MANIFEST_FILE))) as { files: object[] };
    manifest.files.push(change(manifest.files[0] ?? {}));
    server.plan(MANIFEST_FILE, { body: new TextEncoder().encode(JSON.stringify(manifest)) });
    await expect(open()).rejects.toBeInstanceOf(ModelFileError);
    expect(server.seen.map(({ path }) => path)).toEqual([MANIFEST_FILE]);
  });

  test('a model of 9,000 terabytes is refused for want of room', async () => {
    environment = testEnvironment({ freeSpace: () => Promise.resolve(1e9) });
    const manifest = JSON.parse(new TextDecoder().decode(bytesOf(MANIFEST_FILE))) as { files: { bytes: number }[] };
    for (const file of manifest.files) file.bytes = 1e15;
    server.plan(MANIFEST_FILE, { body: new TextEncoder().encode(JSON.stringify(manifest)) });
    await expect(open()).rejects.toBeInstanceOf(StorageError);
    expect(server.seen.map(({ path }) => path)).toEqual([MANIFEST_FILE]);
  });
});

describe('storage', () => {
  test('without enough room says how many bytes are missing, before the download', async () => {
    environment = testEnvironment({ freeSpace: () => Promise.resolve(10_000) });
    const opening = open();
    await expect(opening).rejects.toBeInstanceOf(StorageError);
    const total = [...server.files].reduce((sum, [path, { length }]) => sum + (path === MANIFEST_FILE ? 0 : length), 0);
    await expect(opening).rejects.toMatchObject({ details: { needed: total, free: 10_000, missing: total - 10_000 } });
    await expect(opening).rejects.toThrow(/are missing.*deleteStoredModel/u);
  });

  test('that becomes full in the middle is a StorageError; what came is used when there is room again', async () => {
    const append = store.append.bind(store);
    let room = 12_000;
    store.append = async (name) => {
      const writer = await append(name);
      const write = writer.write.bind(writer);
      writer.write = (bytes) => {
        room -= bytes.length;
        return room < 0 ? Promise.reject(new DOMException('full', 'QuotaExceededError')) : write(bytes);
      };
      return writer;
    };
    await expect(open()).rejects.toBeInstanceOf(StorageError);
    room = Infinity;
    server.seen.length = 0;
    await expectWhole(await open());
    expect(server.seen.filter(({ path }) => path !== MANIFEST_FILE).length).toBeLessThan(server.files.size - 1);
  });

  test('with nonsense in its records counts as empty', async () => {
    await (await open())[asyncDispose]();
    for (const name of await store.names()) if (name.startsWith('model-')) await store.writeText(name, '{"url":');
    await expectWhole(await open());
  });
});
