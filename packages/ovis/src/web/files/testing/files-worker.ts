// Opens files of a model as the worker of the SDK does, over a network that fails on demand.
import { toErrorRecord, type BundleManifest } from '@ovis/core';
import { browserEnvironment } from '../browser-environment.ts';
import { openUrlFiles } from '../open-url-files.ts';
import { openStore } from '../storage/open-store.ts';
import type { FetchOptions, WebEnvironment } from '../web-environment.ts';
import type { Fault, FilesReport, FilesRequest } from './files-messages.ts';

const say = (report: FilesReport): void => postMessage(report);
const fetched: string[] = [];

addEventListener('message', ({ data }: MessageEvent<FilesRequest>) => {
  open(data).then(say, (error: unknown) => say({ type: 'failed', error: toErrorRecord(error), fetched }));
});

async function open({ url, storage, verify = 'full', fault, offline = false }: FilesRequest): Promise<FilesReport> {
  const browser = browserEnvironment();
  const environment: WebEnvironment = {
    ...browser,
    fetch: faultyFetch(fault, offline),
    wait: (milliseconds, signal) => browser.wait(milliseconds / 50, signal),
  };
  const store = await openStore(storage);
  await using files = await openUrlFiles(new URL(url), store, environment, {
    verify,
    onProgress: (progress) => say({ type: 'progress', progress }),
  });
  const manifest = JSON.parse(new TextDecoder().decode(await files.readBytes('ovis.json'))) as BundleManifest;
  const hashes: Record<string, string> = {};
  for (const { path } of manifest.files) {
    await using file = await files.open(path);
    hashes[path] = hexadecimal(await crypto.subtle.digest('SHA-256', new Uint8Array(await file.read(0, file.size))));
  }
  return { type: 'opened', storage: files.storage, fetched, hashes };
}

function faultyFetch(fault: Fault | undefined, offline: boolean) {
  let left = fault?.times ?? 1;
  return async (address: string, options: FetchOptions): Promise<Response> => {
    const start = /\d+/u.exec(options.headers?.['Range'] ?? '')?.[0] ?? '0';
    fetched.push(`${new URL(address).pathname.split('/').at(-1) ?? ''}:${start}`);
    if (offline) throw new TypeError('Failed to fetch');
    const response = await fetch(address, options);
    if (fault === undefined || !address.endsWith(fault.path) || left === 0) return response;
    left--;
    const whole = new Uint8Array(await response.arrayBuffer());
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(whole.subarray(0, fault.dropAfter ?? fault.hangAfter));
        if (fault.hangAfter === undefined) setTimeout(() => controller.error(new TypeError('network error')), 10);
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  };
}

function hexadecimal(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
