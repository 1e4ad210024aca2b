// Parts that open at the same time: whatever fails, or is aborted, leaves nothing open behind.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { convertCheckpoint } from '@ovis/converter';
import { asyncDispose, type Backend, type ModelFiles, type RandomAccessFile, type Session } from '@ovis/core';
import { fixturePath } from '@ovis/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FolderFiles } from '../src/node/folder-files.ts';
import { openModel } from '../src/open-model.ts';
import { openOwning } from '../src/ovis.ts';
import type { Platform } from '../src/platform.ts';

let folder: string;
let backend: Backend;
let images: Platform['images'];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-open-'));
  await convertCheckpoint(fixturePath('ovis2.5-tiny'), join(folder, 'bundle'));
  backend = await openNodeBackend({ device: 'cpu', threads: 1 });
  images = await createSharpDecoder();
});
afterAll(async () => {
  await backend[asyncDispose]();
  await rm(folder, { recursive: true });
});

/** Calls that open something, told before each. */
type Watch = (call: string) => void;

/** A platform that counts what is open. */
function countingPlatform(watch: Watch) {
  const open = { sessions: 0, files: 0 };
  const folderFiles = new FolderFiles(join(folder, 'bundle'));
  const closing = <T extends AsyncDisposable>(part: T, name: keyof typeof open): T => {
    const dispose = part[asyncDispose].bind(part);
    open[name]++;
    let isOpen = true;
    Object.defineProperty(part, asyncDispose, {
      value: async () => {
        if (isOpen) open[name]--;
        isOpen = false;
        await dispose();
      },
    });
    return part;
  };
  const files: ModelFiles = {
    location: folderFiles.location,
    readBytes: async (path, signal) => {
      watch(`read ${path}`);
      return folderFiles.readBytes(path, signal);
    },
    sha256: async (path, options) => {
      watch(`hash ${path}`);
      return folderFiles.sha256(path, options);
    },
    open: async (path): Promise<RandomAccessFile> => {
      watch(`open ${path}`);
      return closing(await folderFiles.open(path), 'files');
    },
    graph: async (path, externalData) => folderFiles.graph(path, externalData),
  };
  const counting: Backend = {
    device: backend.device,
    integerProducts: backend.integerProducts,
    openSession: async (graph, contract, signature): Promise<Session<typeof contract>> => {
      watch(`session of ${graph.kind === 'path' ? graph.path.replace(/.*[\\/]/, '') : 'bytes'}`);
      return closing(await backend.openSession(graph, contract, signature), 'sessions');
    },
    [asyncDispose]: async () => undefined,
  };
  return { open, platform: { backend: counting, files, images, readPath: null } satisfies Platform };
}

test('graphs, tables and the tokenizer open at the same time, and all close', async () => {
  const calls: string[] = [];
  const { open, platform } = countingPlatform((call) => calls.push(call));
  const loaded = await openModel(platform);
  expect(open.sessions).toBeGreaterThanOrEqual(2);
  const firstHash = calls.findIndex((call) => /^hash .*\.data$/.test(call));
  const firstSession = calls.findIndex((call) => call.startsWith('session'));
  const tokenizer = calls.indexOf('read tokenizer.json');
  // What is parsed was verified before; weights are hashed while the rest opens.
  expect(calls.slice(0, firstSession)).toContain('hash tokenizer.json');
  expect(calls.slice(0, firstSession).filter((call) => /^hash .*\.onnx$/.test(call)).length).toBeGreaterThanOrEqual(2);
  expect(Math.max(firstHash, tokenizer)).toBeLessThan(firstSession);
  await loaded.dispose();
  expect(open).toEqual({ sessions: 0, files: 0 });
});

test('a failure at any call leaves nothing open, and is told', async () => {
  const calls: string[] = [];
  const all = countingPlatform((call) => calls.push(call));
  await (await openModel(all.platform)).dispose();
  expect(calls.length).toBeGreaterThan(10);
  for (let at = 0; at < calls.length; at++) {
    const failure = new Error(`failure ${at}`);
    let count = 0;
    const { open, platform } = countingPlatform(() => {
      if (count++ === at) throw failure;
    });
    await expect(openModel(platform), calls[at]).rejects.toBe(failure);
    expect(open, calls[at]).toEqual({ sessions: 0, files: 0 });
  }
});

test('an abort at any call leaves nothing open, and is the reason', async () => {
  const calls: string[] = [];
  const all = countingPlatform((call) => calls.push(call));
  await (await openModel(all.platform)).dispose();
  for (let at = 0; at < calls.length; at++) {
    const stop = new AbortController();
    const reason = new Error(`abort ${at}`);
    let count = 0;
    const { open, platform } = countingPlatform(() => {
      if (count++ === at) stop.abort(reason);
    });
    await expect(openModel(platform, { signal: stop.signal }), calls[at]).rejects.toBe(reason);
    expect(open, calls[at]).toEqual({ sessions: 0, files: 0 });
  }
});

test('a backend that starts after the files have failed is disposed, and one that does not start is told', async () => {
  let disposals = 0;
  const late = async (): Promise<Backend> => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    return Object.defineProperty(Object.create(backend) as Backend, asyncDispose, {
      value: async () => {
        disposals++;
      },
    });
  };
  const missing = new FolderFiles(join(folder, 'nothing'));
  await expect(openOwning({ backend: late(), files: missing }, {})).rejects.toThrow('nothing');
  expect(disposals).toBe(1);
  const failing = Promise.reject<Backend>(new Error('no runtime'));
  await expect(openOwning({ backend: failing, files: new FolderFiles(join(folder, 'bundle')) }, {})).rejects.toThrow(
    'no runtime',
  );
});
