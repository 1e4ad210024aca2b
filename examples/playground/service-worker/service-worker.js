// Keeps the files of the page for visits without a network, and adds the headers that give it threads where the host
// does not send them. Models are kept by ovis/web itself.
/* global VERSION, FILES */ // The build writes both above this.

const NAME = 'ovis-playground-';
const CACHE = NAME + VERSION;

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES.map((path) => new Request(path, { cache: 'no-cache' })));
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith(NAME) && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const scope = self.registration.scope;
  if (request.method !== 'GET' || !request.url.startsWith(scope)) return;
  const path = request.url.slice(scope.length).split(/[?#]/u, 1)[0];
  if (path.startsWith('models/')) return;
  event.respondWith(request.mode === 'navigate' ? page(request) : file(request, path));
});

/** The page itself: the newest that can be had. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (response.ok) return isolated(response);
  } catch {
    // No network.
  }
  const stored = await cache.match('./');
  return stored === undefined ? Response.error() : isolated(stored);
}

/** A file of the build: its name changes with its content, so a stored one is right. */
async function file(request, path) {
  const cache = await caches.open(CACHE);
  const stored = await cache.match(request.url, { ignoreVary: true });
  if (stored !== undefined) return isolated(stored);
  const response = await fetch(request);
  if (response.status === 200 && path.startsWith('assets/')) await cache.put(request.url, response.clone());
  return isolated(response);
}

/** The same response for a page that is cross-origin isolated. */
function isolated(response) {
  if (response.status === 0 || response.status === 304) return response;
  const headers = new Headers(response.headers);
  headers.set('Cross-Origin-Opener-Policy', 'same-origin');
  headers.set('Cross-Origin-Embedder-Policy', 'require-corp');
  headers.set('Cross-Origin-Resource-Policy', 'same-origin');
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
