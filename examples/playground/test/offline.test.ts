import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleAnswer } from './sample-answer.ts';
import { openPage, ServedPlayground, startChromium, whenReady } from './served-page.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await startChromium();
});

afterAll(() => browser?.close());

test('a second visit needs no server', async () => {
  const served = await ServedPlayground.start();
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(served.address);
    await whenReady(page);
    expect(problems).toEqual([]);
  } finally {
    await served.stop();
  }
  await page.reload();
  await whenReady(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await page.getByRole('button', { name: 'sample picture icon' }).first().click();
  await page.getByRole('button', { name: 'What is this?' }).click();
  await page.locator('.facts').waitFor();
  expect(await page.locator('.answer-text').innerText()).toBe(sampleAnswer('icon.png', 'What is this?'));
  // Asking the server for a newer model cannot succeed.
  expect(problems.filter((problem) => !problem.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
});

test('a host without isolation headers has one thread first, and more from the second visit on', async () => {
  const served = await ServedPlayground.start('plain');
  const { page, problems } = await openPage(browser);
  try {
    await page.goto(served.address);
    await whenReady(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
    await page.locator('.reasons').filter({ hasText: 'load the page again for more' }).waitFor();
    await page.reload();
    await whenReady(page);
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    await page.locator('.reasons').filter({ hasText: '2 threads' }).waitFor();
    expect(problems).toEqual([]);
  } finally {
    await served.stop();
  }
});
