import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoBundlePath } from '@ovis/nano';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { sampleAnswer } from './sample-answer.ts';
import { ask, openPage, startChromium, whenReady } from './served-page.ts';
import { sharedPlayground } from './shared-playground.ts';
import { SlowModels } from './slow-models.ts';

const playground = sharedPlayground();

test('a model from an address is downloaded in sight, cancelled, gone on with, listed and deleted', async () => {
  const models = new SlowModels();
  const address = await models.start();
  try {
    const { page } = await playground.open();
    await loadFrom(page, address);
    await page
      .locator('.load-bar label')
      .filter({ hasText: /Downloading far-away: [\d.]+ [kM]B of [\d.]+ MB/u })
      .waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').filter({ hasText: 'was cancelled' }).waitFor();

    models.hurry();
    await page.getByRole('button', { name: 'Go on loading' }).click();
    await whenReady(page);
    await page.getByRole('button', { name: 'Model: ovis-nano' }).click();
    await page.locator('.stored li').nth(1).waitFor();
    expect(await page.locator('.stored li').filter({ hasText: 'in use' }).count()).toBe(1);
    const other = page.locator('.stored li').filter({ hasNotText: 'in use' });
    await other.getByRole('button', { name: 'Delete' }).click();
    await other.waitFor({ state: 'detached' });
    expect(await page.locator('.stored li').count()).toBe(1);
  } finally {
    await models.stop();
  }
});

test('the files of a model are loaded from this machine', async () => {
  const { page, problems } = await playground.open();
  const files = (await readdir(nanoBundlePath)).map((name) => join(nanoBundlePath, name));
  await page.getByRole('button', { name: 'Model: ovis-nano' }).click();
  // A folder cannot be chosen by its files; without the attribute the field takes them.
  await page.locator('#model-folder').evaluate((field) => field.removeAttribute('webkitdirectory'));
  await page.locator('#model-folder').setInputFiles(files);
  await page.locator('.light.loading').waitFor();
  await whenReady(page);
  await page.getByRole('button', { name: 'sample picture icon' }).first().click();
  await page.getByRole('button', { name: 'What is this?' }).click();
  await page.locator('.facts').waitFor();
  expect(await page.locator('.answer-text').innerText()).toBe(sampleAnswer('icon.png', 'What is this?'));
  expect(problems).toEqual([]);
});

test('the folder of a model is chosen', async () => {
  const { page, problems } = await playground.open();
  await chooseNextFolder(page, 'models/nano/', await readdir(nanoBundlePath));
  await page.getByRole('button', { name: 'Model: ovis-nano' }).click();
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await page.locator('.light.loading').waitFor();
  await whenReady(page);
  await page.getByRole('button', { name: 'sample picture icon' }).first().click();
  expect(await ask(page, 'What is this?')).toBe(sampleAnswer('icon.png', 'What is this?'));
  expect(problems).toEqual([]);
});

test('what is no model is refused, with a way back', async () => {
  const { page } = await playground.open();
  await loadFrom(page, new URL('assets/', playground.address).href);
  await page.getByRole('alert').locator('strong').waitFor();
  await page.getByRole('button', { name: 'Use the embedded model' }).click();
  await whenReady(page);
  expect(await page.locator('.notice').count()).toBe(0);
});

test('the embedded model answers on WebGPU', async () => {
  const { page, problems } = await openPage(playground.browser);
  await page.addInitScript(() => localStorage.setItem('ovis-playground-settings', '{"device":"webgpu"}'));
  await page.goto(playground.address);
  await whenReady(page);
  expect(await page.locator('.model-device').innerText()).toContain('WebGPU');
  await page.getByRole('button', { name: 'sample picture digits' }).click();
  expect(await ask(page, 'What number is this?')).toBe(sampleAnswer('digits.png', 'What number is this?'));
  expect(problems).toEqual([]);
});

test('a device that is not there is said so, with the one that is', async () => {
  const plain = await startChromium({ webgpu: false });
  try {
    const { page } = await openPage(plain);
    await page.addInitScript(() => localStorage.setItem('ovis-playground-settings', '{"device":"webgpu"}'));
    await page.goto(playground.address);
    await page.getByRole('alert').filter({ hasText: 'This device cannot run the model.' }).waitFor({ timeout: 60_000 });
    await page.getByRole('button', { name: 'Use WebAssembly' }).click();
    await whenReady(page);
    expect(await page.locator('.model-device').innerText()).toBe('WebAssembly');
  } finally {
    await plain.close();
  }
});

/** The browser's dialog cannot be driven: its next choice is a folder of the page's own file system, filled with files of the site. */
async function chooseNextFolder(page: Page, source: string, names: string[]): Promise<void> {
  await page.evaluate(
    async ([from, files]) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('chosen', { create: true });
      for (const name of files) {
        const file = await folder.getFileHandle(name, { create: true });
        const response = await fetch(new URL(from + name, document.baseURI));
        await response.body?.pipeTo(await file.createWritable());
      }
      Reflect.set(window, 'showDirectoryPicker', () => Promise.resolve(folder));
    },
    [source, names] as const,
  );
}

async function loadFrom(page: Page, address: string): Promise<void> {
  await page.getByRole('button', { name: 'Model: ovis-nano' }).click();
  await page.getByLabel('Address of a model').fill(address);
  await page.getByRole('button', { name: 'Load', exact: true }).click();
}
