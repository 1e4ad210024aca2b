// node serve.mjs [PORT]: serves the page and, beside it, files of the installed packages as they are.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const packageFolder = (name) => dirname(require.resolve(`${name}/package.json`));

/** Folders by the start of the path; the first that fits counts. */
const folders = [
  ['/ovis/', join(packageFolder('ovis'), 'dist', 'standalone')],
  ['/onnxruntime/', dirname(require.resolve('onnxruntime-web/wasm'))],
  ['/models/nano/', join(packageFolder('@ovis/nano'), 'bundle')],
  ['/', dirname(fileURLToPath(import.meta.url))],
];

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const headers = {
  // More than one thread in WebAssembly; without these two it works with one.
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  // No code from text, no code from elsewhere.
  'Content-Security-Policy':
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; connect-src 'self' data: blob:",
};

const server = createServer((request, response) => {
  void answer(request, response);
});

async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const path = decodeURIComponent(pathname === '/' ? '/index.html' : pathname);
  const [start, folder] = folders.find(([prefix]) => path.startsWith(prefix)) ?? ['/', '.'];
  const file = join(folder, normalize(join('/', path.slice(start.length))));
  const found = await stat(file).catch(() => undefined);
  if (found === undefined || !found.isFile()) {
    response.writeHead(404).end();
    return;
  }
  const type = types[extname(file)] ?? 'application/octet-stream';
  response.writeHead(200, { ...headers, 'Content-Type': type, 'Content-Length': found.size });
  if (request.method === 'HEAD') response.end();
  else createReadStream(file).pipe(response);
}

server.listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${server.address().port}/`);
});
