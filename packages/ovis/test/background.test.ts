// A page that nobody sees goes on: browsers draw nothing there and slow its timers down.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium, repositoryPath, runtime, servePlainPage, standalone } from './plain-page.ts';

/** Playwright keeps pages awake in the background; the browsers of users do not. */
const awake = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium({ ignoreDefaultArgs: awake });
});
afterAll(() => browser.close());

/** Tells of itself by its title. */
const script = `
import { Ovis } from '/app/index.js';
const options = { device: 'wasm', storage: 'none' };
const content = [
  { type: 'image', image: new URL('/pictures/shapes.png', location.href) },
  { type: 'text', text: 'What is in the picture?' },
];
const request = { messages: [{ role: 'user', content }] };
const hidden = new Promise((resolve) => document.addEventListener('visibilitychange', resolve, { once: true }));
try {
  const ovis = await Ovis.load('/model/', options);
  const { tokens } = await ovis.generate(request);
  const parts = ovis.stream(request);
  await parts.next();
  document.title = 'answering';
  await hidden;
  const before = document.visibilityState;
  let frames = 0;
  requestAnimationFrame(() => frames++);
  let last;
  for await (const part of parts) last = part;
  await ovis.dispose();
  const again = await Ovis.load('/model/', options);
  const result = await again.generate(request);
  await again.dispose();
  const seen = [before, document.visibilityState];
  document.title = 'outcome ' + JSON.stringify({ seen, frames, same: [last.tokens, result.tokens].map((t) => '' + t === '' + tokens) });
} catch (error) {
  document.title = 'outcome ' + JSON.stringify(String(error));
}
`;

test('a page in a minimised window reads its answer to the end, loads a model and asks again', async () => {
  await using server = await servePlainPage(script, {
    '/app/': runtime,
    '/app': standalone,
    '/pictures/': repositoryPath('packages/nano/golden/images'),
    '/model/': repositoryPath('packages/nano/bundle'),
  });
  // A page of Playwright counts as seen and focused wherever it is. This one is none of them.
  const devTools = await browser.newBrowserCDPSession();
  const { targetId } = await devTools.send('Target.createTarget', { url: `${server.url}/index.html`, newWindow: true });
  const titled = async (start: string): Promise<string> => {
    for (;;) {
      const { targetInfo } = await devTools.send('Target.getTargetInfo', { targetId });
      if (targetInfo.title.startsWith(start)) return targetInfo.title.slice(start.length);
      if (targetInfo.title.startsWith('outcome')) throw new Error(targetInfo.title);
      await sleep(20);
    }
  };
  await titled('answering');
  const { windowId } = await devTools.send('Browser.getWindowForTarget', { targetId });
  await devTools.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'minimized' } });
  const outcome: unknown = JSON.parse(await titled('outcome '));
  await devTools.send('Target.closeTarget', { targetId });
  expect(outcome).toEqual({ seen: ['hidden', 'hidden'], frames: 0, same: [true, true] });
});
