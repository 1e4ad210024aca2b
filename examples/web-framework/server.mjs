// node server.mjs [PORT [MODEL]]
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { nanoBundlePath } from '@ovis/nano';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { secureHeaders } from 'hono/secure-headers';
import { streamText } from 'hono/streaming';
import { Ovis, OvisError } from 'ovis/node';

const [port = '3000', model = nanoBundlePath] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const ovis = await Ovis.load(model);
const app = new Hono();

app.use(
  secureHeaders({
    crossOriginOpenerPolicy: 'same-origin', // with the next one: threads for WebAssembly
    crossOriginEmbedderPolicy: 'require-corp',
    contentSecurityPolicy: {
      defaultSrc: ["'self'"],
      scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'", 'data:'],
    },
  }),
);

/** Answers on the server: the text comes as it is made, and a client that leaves ends the run. */
app.post('/answer', bodyLimit({ maxSize: 20e6 }), async (context) => {
  const { picture, question } = await context.req.parseBody();
  if (!(picture instanceof File) || typeof question !== 'string') {
    throw new HTTPException(400, { message: 'A form with a picture and a question is needed.' });
  }
  const content = [
    { type: 'image', image: new Uint8Array(await picture.arrayBuffer()) },
    { type: 'text', text: question },
  ];
  const run = new AbortController();
  const parts = ovis.stream({ messages: [{ role: 'user', content }], maxNewTokens: 256, signal: run.signal });
  // A question that cannot be answered fails here, while there still can be a status.
  const first = await parts.next();
  return streamText(context, async (stream) => {
    stream.onAbort(() => run.abort());
    for (let part = first; part.done !== true; part = await parts.next()) {
      if (part.value.type === 'text-delta') await stream.write(part.value.text);
    }
  });
});

// The page, and what it needs to answer by itself.
app.use('/ovis/*', folder('/ovis', join(dirname(require.resolve('ovis/package.json')), 'dist', 'standalone')));
app.use('/onnxruntime/*', folder('/onnxruntime', dirname(require.resolve('onnxruntime-web/wasm'))));
app.use('/model/*', folder('/model', model));
app.use('/*', folder('', fileURLToPath(new URL('public', import.meta.url))));

app.onError((error, context) => {
  if (error instanceof HTTPException) return error.getResponse();
  const isTheirs = OvisError.isInstance(error) && ['image', 'prompt', 'context-length'].includes(error.code);
  if (!isTheirs) console.error(error);
  return context.text(isTheirs ? error.message : 'The server could not answer.', isTheirs ? 400 : 500);
});

const server = serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, (address) => {
  console.log(`http://127.0.0.1:${address.port}/`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    server.close(() => void ovis.dispose());
  });
}

function folder(path, place) {
  return serveStatic({
    root: relative(process.cwd(), place),
    rewriteRequestPath: (requested) => requested.slice(path.length),
  });
}
