import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { basename, join } from 'node:path';
import { nanoBundlePath } from '@ovis/nano';

/** The embedded model on another site, which sends its larger files slowly until it is told to hurry. */
export class SlowModels {
  readonly #server: Server;
  #slow = true;

  constructor() {
    this.#server = createServer((request, response) => {
      const name = basename(request.url?.split('?', 1)[0] ?? '');
      readFile(join(nanoBundlePath, name)).then(
        (bytes) => {
          const from = Number(/^bytes=(\d+)-/u.exec(request.headers.range ?? '')?.[1] ?? 0);
          response.writeHead(from > 0 ? 206 : 200, {
            'Content-Length': bytes.length - from,
            'Access-Control-Allow-Origin': '*',
            'Access-Control-Allow-Headers': 'range',
            'Access-Control-Expose-Headers': 'content-range, etag',
            ETag: '"1"',
            'Accept-Ranges': 'bytes',
            ...(from > 0 ? { 'Content-Range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
          });
          if (!this.#slow || bytes.length < 1e6) response.end(bytes.subarray(from));
          else response.write(bytes.subarray(from, from + 600_000));
        },
        () => response.writeHead(404).end(),
      );
    });
  }

  /** Starts to listen; gives the address of the model. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => {
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    const place = this.#server.address();
    if (place === null || typeof place === 'string') throw new Error('The server has no port.');
    return `http://127.0.0.1:${place.port}/far-away/`;
  }

  /** From now on files are sent whole. */
  hurry(): void {
    this.#slow = false;
    this.#server.closeAllConnections();
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
