import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type LaunchOptions, type Page } from 'playwright';
import { chromiumArgs, findChromium } from '../../../scripts/chromium.mjs';
import { serveFolders } from './serve-folders.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Path of a file of the repository. */
export const repositoryPath = (path: string): string => `${root}${path}`;

/** What a page without a bundler needs: our code and the files of ONNX Runtime. */
export const standalone = repositoryPath('packages/ovis/dist/standalone');
export const runtime = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));

/** Starts the Chromium of the tests. */
export async function launchChromium(options: LaunchOptions = {}): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({ executablePath, args: chromiumArgs, env, ...options });
}

/** Serves an empty page that runs a module. Folders and headers are added to those of the page itself. */
export function servePlainPage(
  script: string,
  folders: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<typeof serveFolders> {
  const html = '<!doctype html><title>Plain page</title><script type="module" src="/page.js"></script>';
  const texts = { '/index.html': html, '/page.js': script };
  return serveFolders({ folders: { '/app/': standalone, ...folders }, texts, headers });
}

/**
 * Opens a served page and waits for the value that it writes to the console as JSON, after "outcome ".
 *
 * @returns The value, and everything the browser complained of.
 */
export async function outcomeOf(
  browser: Browser,
  url: string,
  prepare: (page: Page) => Promise<unknown> = async () => undefined,
): Promise<{ value: unknown; complaints: string[] }> {
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
  await prepare(page);
  await page.goto(`${url}/index.html`);
  const value: unknown = JSON.parse(await outcome);
  await page.close();
  return { value, complaints: complaints.filter((text) => !text.includes('favicon')) };
}
