// Decoding in a real Chromium: ours against keys and values that are put together anew at every step, on WebAssembly
// and on WebGPU. `npm run bench:browser`; with `--quick` fewer steps, with `--webgpu` or
// `--wasm` only one of the two. Prints medians and ratios; asserts nothing.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import { createServer } from 'vite';
import { chromiumArgs, findChromium } from '../scripts/chromium.mjs';
import { median } from './medians.mjs';
import { writeRandomCheckpoint } from './random-checkpoint.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shape = 'small';
const contexts = [64, 512, 2048];
const quick = process.argv.includes('--quick');
const steps = quick ? 5 : 15;
const rounds = quick ? 1 : 3;

/** All devices, if none is named. */
const wanted = (device) => process.argv.includes(`--${device}`) || !/--(wasm|webgpu)/u.test(process.argv.join());

/** Where graphs run: threads are those of WebAssembly. */
const places = [
  { name: 'WASM, 1 thread', device: 'wasm', threads: 1, layout: 'cpu' },
  { name: 'WASM, 2 threads', device: 'wasm', threads: 2, layout: 'cpu' },
  { name: 'WebGPU', device: 'webgpu', threads: 1, layout: 'webgpu' },
];

const server = await createServer({
  root,
  configFile: false,
  logLevel: 'error',
  resolve: { conditions: ['ovis-source', 'module', 'browser', 'development|production'] },
  ssr: { resolve: { conditions: ['ovis-source', 'module', 'node', 'development|production'] } },
  oxc: { target: 'node20' },
  optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['benchmarks/browser/page.mjs'] },
  server: {
    port: 0,
    hmr: false, // nor may a file that changes load the page again
    watch: null,
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  plugins: [{ name: 'bench-page', configureServer: ({ middlewares }) => void middlewares.use(page) }],
});
await server.listen();
const { executablePath, env } = await findChromium();
const results = [];
try {
  const bundles = await makeBundles();
  for (const place of places.filter(({ device }) => wanted(device))) {
    const bundle = bundles[place.layout];
    for (let round = 0; round < rounds; round++) {
      const { times } = await measure(place, bundle, contexts, steps);
      results.push({ place: place.name, times });
    }
    for (const design of Object.keys(bundle)) {
      const { memory } = await measure(place, { [design]: bundle[design] }, contexts.slice(-1), 1);
      results.push({ place: place.name, design, memory });
    }
    report(place);
  }
} finally {
  await server.close();
}
mkdirSync(join(folder, 'results'), { recursive: true });
writeFileSync(join(folder, 'results', 'browser.json'), JSON.stringify({ shape, contexts, steps, results }, null, 1));

function page(request, response, next) {
  if (request.url !== '/bench.html') return next();
  response.setHeader('Content-Type', 'text/html');
  for (const [name, value] of Object.entries(server.config.server.headers)) response.setHeader(name, value);
  response.end('<!doctype html><title>bench</title><script type="module" src="/benchmarks/browser/page.mjs"></script>');
}

/** A browser of its own for every measurement: memory of one design is not that of another. */
async function measure({ device, threads }, bundle, lengths, count) {
  const browser = await chromium.launch({ executablePath, args: chromiumArgs, env });
  try {
    const tab = await browser.newPage();
    tab.on('pageerror', (error) => console.error(error.message));
    const { port } = server.httpServer.address();
    await tab.goto(`http://localhost:${port}/bench.html`);
    await tab.waitForFunction(() => globalThis.measureDecoding !== undefined, undefined, { timeout: 60_000 });
    const options = { bundles: bundle, device, threads, contexts: lengths, steps: count };
    const times = await tab.evaluate((choice) => globalThis.measureDecoding(choice), options);
    return { times, memory: await memoryOf(browser) };
  } finally {
    await browser.close();
  }
}

/** Most bytes that the processes of the tab and of the graphics adapter ever held; null where the system does not tell. */
async function memoryOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const largest = (type) => {
    const sizes = processInfo.filter((info) => info.type === type).map(({ id }) => peakBytes(id));
    return sizes.includes(null) ? null : Math.max(...sizes);
  };
  return { tab: largest('renderer'), graphics: largest('GPU') };
}

function peakBytes(process) {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/u.exec(readFileSync(`/proc/${process}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

/** Bundles by layout and design. The other design has attention as everybody exports it, without our streamed form. */
async function makeBundles() {
  const { convertCheckpoint } = await server.ssrLoadModule(join(root, 'packages/converter/src/index.ts'));
  const { capabilitiesOf } = await server.ssrLoadModule(join(root, 'packages/converter/src/lowering/capabilities.ts'));
  const cache = join(folder, '.cache');
  mkdirSync(cache, { recursive: true });
  const checkpoint = join(cache, shape);
  await writeRandomCheckpoint(shape, checkpoint);
  const convert = async (name, device) => {
    const target = join(cache, `browser-${name}`);
    if (existsSync(target)) rmSync(target, { recursive: true });
    await convertCheckpoint(checkpoint, target, { dtype: 'int8', device });
    return `/benchmarks/.cache/browser-${name}/`;
  };
  const cpu = await convert('cpu', 'cpu');
  const webgpu = await convert('webgpu', 'webgpu');
  Object.assign(capabilitiesOf('cpu'), { streamedAttentionFrom: null });
  const plain = await convert('cpu-plain', 'cpu');
  return { cpu: { ours: cpu, concat: plain }, webgpu: { ours: webgpu, concat: webgpu } };
}

function report({ name }) {
  const here = results.filter(({ place }) => place === name);
  const perSecond = (design, context) =>
    1000 / median(here.flatMap(({ times }) => (times === undefined ? [] : times[design][context])));
  console.log(`\n${name}: tokens per second (keys and values as ours / put together anew / times faster)`);
  for (const context of contexts) {
    const [ours, concat] = [perSecond('ours', context), perSecond('concat', context)];
    console.log(`  context ${context}: ${ours.toFixed(2)} / ${concat.toFixed(2)} / ${(ours / concat).toFixed(2)}`);
  }
  for (const kind of ['tab', 'graphics']) {
    const megabytes = (design) => {
      const bytes = here.find((result) => result.design === design).memory[kind];
      return bytes === null ? 'unknown' : (bytes / 1e6).toFixed(0);
    };
    console.log(`  most memory of the ${kind} process, MB: ${megabytes('ours')} / ${megabytes('concat')}`);
  }
}
