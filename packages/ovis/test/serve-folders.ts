import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

/** What is served: folders or texts by the beginning of their path, and headers of every answer. */
export type Served = {
  readonly folders: Readonly<Record<string, string>>;
  readonly texts?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.mjs': 'text/javascript',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

/** Serves files on a port of its own, as a plain host would. */
export async function serveFolders({
  folders,
  texts = {},
  headers = {},
}: Served): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((request, response) => {
    answer(request, response, { folders, texts, headers });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: () => closed(server) };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { folders, texts, headers }: Required<Served>,
): void {
  const path = new URL(request.url ?? '/', 'http://host').pathname;
  const type = types[extname(path)] ?? 'application/octet-stream';
  const text = texts[path];
  if (text !== undefined) {
    response.writeHead(200, { ...headers, 'Content-Type': type }).end(text);
    return;
  }
  const file = Object.entries(folders)
    .filter(([prefix]) => path.startsWith(prefix))
    .map(([prefix, folder]) => join(folder, path.slice(prefix.length)))
    .find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (file === undefined) {
    response.writeHead(404, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Type': type });
  createReadStream(file).pipe(response);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
