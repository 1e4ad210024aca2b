// Lets pages of the test server load bundles of the fixtures: `/converted/<fixture>/<options>/<file>`, where options are
// a query string of device, dtype, shardBytes and intermediates (packages/testing/src/served-files.ts).
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { root } from './workspace.mjs';

const prefix = '/converted/';

/** A plugin of Vite that converts a fixture when a file of its bundle is first asked for. @returns {import('vite').Plugin} */
export function servedBundles() {
  return {
    name: 'ovis-served-bundles',
    configureServer(server) {
      const bundles = new Bundles(server);
      server.httpServer?.once('close', () => void bundles.remove());
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent(request.url?.split('?')[0] ?? '');
        if (!path.startsWith(prefix)) return next();
        const [model = '', options = '', ...file] = path.slice(prefix.length).split('/');
        bundles.file(model, options, file.join('/')).then((found) => send(found, request, response), next);
      });
    },
  };
}

class Bundles {
  /** @type {Map<string, Promise<string>>} */
  #converted = new Map();
  /** @type {Promise<string> | undefined} */
  #folder;

  constructor(server) {
    this.server = server;
  }

  async file(model, options, name) {
    const key = `${model}/${options}`;
    if (!this.#converted.has(key)) this.#converted.set(key, this.#convert(model, new URLSearchParams(options)));
    const file = join(await this.#converted.get(key), normalize(join('/', name)));
    const found = await stat(file).catch(() => undefined);
    return found?.isFile() ? { file, bytes: found.size } : undefined;
  }

  async #convert(model, options) {
    if (!/^[\w.-]+$/u.test(model)) throw new Error(`${model} is no fixture.`);
    this.#folder ??= mkdtemp(join(tmpdir(), 'ovis-served-'));
    const target = join(await this.#folder, `bundle-${this.#converted.size}`);
    const { convertCheckpoint } = await this.server.ssrLoadModule(join(root, 'packages/converter/src/index.ts'));
    const shardBytes = options.get('shardBytes');
    await convertCheckpoint(join(root, 'packages/testing/fixtures', model), target, {
      dtype: options.get('dtype') ?? 'f32',
      device: options.get('device') ?? 'cpu',
      intermediates: options.get('intermediates') === 'true',
      ...(shardBytes === null ? {} : { shardBytes: Number(shardBytes) }),
    });
    return target;
  }

  async remove() {
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** Answers with a file or a part of it, as a server of static files does. */
function send(found, request, response) {
  if (found === undefined) {
    response.writeHead(404).end();
    return;
  }
  const headers = { 'Content-Type': 'application/octet-stream', 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' };
  const range = /^bytes=(\d+)-(\d*)$/u.exec(request.headers.range ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = Math.min(Number(range?.[2] || found.bytes - 1), found.bytes - 1);
  if (start > end && found.bytes > 0) {
    response.writeHead(416, { ...headers, 'Content-Range': `bytes */${found.bytes}` }).end();
    return;
  }
  response.writeHead(range ? 206 : 200, {
    ...headers,
    'Content-Length': found.bytes === 0 ? 0 : end - start + 1,
    ...(range ? { 'Content-Range': `bytes ${start}-${end}/${found.bytes}` } : {}),
  });
  if (request.method === 'HEAD' || found.bytes === 0) response.end();
  else createReadStream(found.file, { start, end }).pipe(response);
}
