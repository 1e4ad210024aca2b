// A plain page without a bundler, served as a stranger would: the built files, a strict policy, nothing else.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumArgs, findChromium } from '../../../scripts/chromium.mjs';
import { Ovis } from '../src/node/ovis.ts';
import { serveFolders } from './serve-folders.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const bundle = join(root, 'packages/nano/bundle');
const standalone = join(root, 'packages/ovis/dist/standalone');
const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
const question = 'What is in the picture?';

/** Everything from the own site; WebAssembly may be compiled, JavaScript may not be made from text. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'";
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

const html = '<!doctype html><title>Plain page</title><script type="module" src="/page.js"></script>';

const script = (options: object) => `
import { Ovis } from '/app/index.js';
const longTasks = [];
let outcome;
try {
  const ovis = await Ovis.load('/model/', ${JSON.stringify(options)});
  const image = new URL('/picture.png', location.href);
  const content = [{ type: 'image', image }, { type: 'text', text: ${JSON.stringify(question)} }];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({ type: 'longtask' });
  const { tokens, text } = await ovis.generate({ messages: [{ role: 'user', content }] });
  const { device } = ovis;
  await ovis.dispose();
  outcome = { tokens, text, device, longTasks, isolated: crossOriginIsolated };
} catch (error) {
  outcome = { error: String(error) };
}
console.info('outcome ' + JSON.stringify(outcome));
`;

type Outcome = {
  readonly tokens: readonly number[];
  readonly device: { readonly kind: string; readonly reasons: readonly string[] };
  readonly longTasks: readonly number[];
  readonly isolated: boolean;
};

describe('a plain page with a strict content security policy', () => {
  let browser: Browser;
  let expected: readonly number[];
  beforeAll(async () => {
    const { executablePath, env } = await findChromium();
    browser = await chromium.launch({ executablePath, args: chromiumArgs, env });
    const ovis = await Ovis.load(bundle);
    const image = join(root, 'examples/images/shapes.png');
    const content = [
      { type: 'image', image },
      { type: 'text', text: question },
    ] as const;
    expected = (await ovis.generate({ messages: [{ role: 'user', content }] })).tokens;
    await ovis.dispose();
  });
  afterAll(() => browser.close());

  /** Opens the page and gives what it made, and everything the browser complained of. */
  async function open(
    options: object,
    folders: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>>,
  ) {
    await using server = await serveFolders({
      folders: { '/app/': standalone, '/model/': bundle, ...folders },
      texts: { '/index.html': html, '/page.js': script(options) },
      headers: { 'Content-Security-Policy': policy, ...headers },
    });
    const page = await browser.newPage();
    const complaints: string[] = [];
    const outcome = new Promise<string>((resolve) => {
      page.on('console', (message) => {
        const text = message.text();
        if (text.startsWith('outcome ')) resolve(text.slice('outcome '.length));
        else if (message.type() === 'error') complaints.push(text);
      });
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.route('**/picture.png', (route) => route.fulfill({ path: join(root, 'examples/images/shapes.png') }));
    await page.goto(`${server.url}/index.html`);
    const value = JSON.parse(await outcome) as Outcome;
    await page.close();
    return { value, complaints: complaints.filter((text) => !text.includes('favicon')) };
  }

  test('answers as Node does, with the files of ONNX Runtime beside the code', async () => {
    const { value, complaints } = await open({ device: 'wasm' }, { '/app/': runtime, '/app': standalone }, {});
    expect(value).toMatchObject({ tokens: expected, isolated: false });
    expect(value.device.reasons.join()).toContain('not cross-origin isolated');
    expect(value.longTasks).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('answers with threads where it is isolated, and with the files of ONNX Runtime elsewhere', async () => {
    const options = { device: 'wasm', threads: 2, runtimeFiles: '/runtime' };
    const { value, complaints } = await open(options, { '/runtime/': runtime }, isolation);
    expect(value).toMatchObject({ tokens: expected, isolated: true });
    expect(value.device.reasons).toContain('2 threads asked for');
    expect(complaints).toEqual([]);
  });
});
