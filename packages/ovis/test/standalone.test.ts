// A plain page without a bundler, served as a stranger would: the built files, a strict policy, nothing else.
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ovis } from '../src/node/ovis.ts';
import { launchChromium, outcomeOf, repositoryPath, runtime, servePlainPage, standalone } from './plain-page.ts';

const bundle = repositoryPath('packages/nano/bundle');
const image = repositoryPath('examples/images/shapes.png');
const question = 'What is in the picture?';

/** Everything from the own site; WebAssembly may be compiled, JavaScript may not be made from text. */
const policy = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; object-src 'none'";
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

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
    browser = await launchChromium();
    const ovis = await Ovis.load(bundle);
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
    const served = { '/model/': bundle, ...folders };
    await using server = await servePlainPage(script(options), served, {
      'Content-Security-Policy': policy,
      ...headers,
    });
    const { value, complaints } = await outcomeOf(browser, server.url, (page) =>
      page.route('**/picture.png', (route) => route.fulfill({ path: image })),
    );
    return { value: value as Outcome, complaints };
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
