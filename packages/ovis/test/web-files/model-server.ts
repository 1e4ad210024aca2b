import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MANIFEST_FILE, type BundleManifest } from '@ovis/core';

/** How a server treats one request, or all of a file. */
export type Treatment = {
  /** Cuts the connection after so many bytes of the body. */
  readonly dropAfter?: number;
  /** Answers with this state and nothing else. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends this instead of the file. */
  readonly body?: Uint8Array;
  /** Leaves the connection open after the body's beginning. */
  readonly hangAfter?: number;
};

/** A request that the server has seen. */
export type SeenRequest = { readonly path: string; readonly range: string | null; readonly ifRange: string | null };

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const nanoManifest = new URL('../../../nano/bundle/ovis.json', import.meta.url);

/** A small bundle: the embedded model's manifest over files of `size` bytes without a pattern. */
export function smallBundle(size = 5000, seed = 1): Map<string, Uint8Array> {
  const manifest = JSON.parse(readFileSync(nanoManifest, 'utf8')) as BundleManifest;
  const files = new Map<string, Uint8Array>();
  const tables: Record<string, unknown> = {};
  for (const [name, table] of Object.entries(manifest.tables)) {
    const empty = Object.entries(table ?? {}).map(([key, value]) => {
      const isRange = typeof value === 'object' && value !== null && 'file' in value;
      return [key, isRange ? { ...value, offset: 0, length: 0 } : value];
    });
    tables[name] = table === null ? null : Object.fromEntries(empty);
  }
  const described = manifest.files.map(({ path }, number) => {
    const bytes = Uint8Array.from(
      { length: size + number },
      (_, at) => (at * 31 + (at >> 7) * 17 + number * 5 + seed) & 255,
    );
    files.set(path, bytes);
    return { path, bytes: bytes.length, sha256: hash(bytes) };
  });
  files.set(MANIFEST_FILE, new TextEncoder().encode(JSON.stringify({ ...manifest, tables, files: described })));
  return files;
}

/** A server of one bundle that can be told to misbehave. */
export class ModelServer {
  files: Map<string, Uint8Array>;
  /** Whether it knows `Range`, and whether it sends an `ETag`. */
  ranges = true;
  etags = true;
  /** Whether files are behind a redirect, as on model hubs. */
  hub = false;
  readonly seen: SeenRequest[] = [];
  readonly #plans = new Map<string, Treatment[]>();
  readonly #server: Server;

  private constructor(files: Map<string, Uint8Array>) {
    this.files = files;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  static async start(files = smallBundle()): Promise<ModelServer> {
    const server = new ModelServer(files);
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get url(): URL {
    return new URL(this.hub ? '/owner/name/resolve/main/' : '/bundle/', this.origin);
  }

  /** What to do with the next requests of a file, one after the other; afterwards it is served well. */
  plan(path: string, ...treatments: Treatment[]): void {
    this.#plans.set(path, treatments);
  }

  requestsOf(path: string): readonly SeenRequest[] {
    return this.seen.filter((request) => request.path === path);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', this.origin);
    const prefix = this.hub ? '/owner/name/resolve/main/' : '/bundle/';
    if (pathname.startsWith(prefix) && this.hub && !pathname.endsWith('.json')) {
      const location = `/cdn/${pathname.slice(prefix.length)}?signature=${Math.random()}`;
      response.writeHead(302, { Location: location, 'X-Linked-ETag': '"linked"' }).end();
      return;
    }
    const path = decodeURIComponent(pathname.slice(pathname.startsWith('/cdn/') ? 5 : prefix.length));
    const range = request.headers.range ?? null;
    this.seen.push({ path, range, ifRange: request.headers['if-range']?.toString() ?? null });
    this.#send(path, range, this.#plans.get(path)?.shift() ?? {}, request, response);
  }

  #send(
    path: string,
    range: string | null,
    treatment: Treatment,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    const file = treatment.body ?? this.files.get(path);
    if (file === undefined || treatment.status !== undefined) {
      response.writeHead(treatment.status ?? 404, treatment.headers).end('no');
      return;
    }
    const etag = `"${hash(file).slice(0, 16)}"`;
    const matches = (request.headers['if-range'] ?? etag) === etag;
    const wanted = this.ranges && matches ? /^bytes=(\d+)-$/u.exec(range ?? '') : null;
    const start = Number(wanted?.[1] ?? 0);
    if (start >= file.length && wanted !== null) {
      response.writeHead(416, { 'Content-Range': `bytes */${file.length}` }).end();
      return;
    }
    const body = file.subarray(start);
    response.writeHead(wanted === null ? 200 : 206, {
      'Content-Length': body.length,
      ...(this.etags ? { ETag: etag } : {}),
      ...(this.ranges ? { 'Accept-Ranges': 'bytes' } : {}),
      ...(wanted === null ? {} : { 'Content-Range': `bytes ${start}-${file.length - 1}/${file.length}` }),
      ...treatment.headers,
    });
    const cut = treatment.dropAfter ?? treatment.hangAfter;
    if (cut === undefined) {
      response.end(body);
      return;
    }
    response.write(body.subarray(0, cut), () => {
      // Lets what was written reach the other side before the connection breaks.
      if (treatment.hangAfter === undefined) setTimeout(() => response.destroy(), 5);
    });
    if (cut === 0) response.flushHeaders();
  }
}
