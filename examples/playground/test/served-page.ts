import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright';
import { preview, type PreviewServer } from 'vite';
import { chromiumArgs, findChromium } from '../../../scripts/chromium.mjs';
import { contentSecurityPolicy } from '../build/content-policy.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The built playground on a server of static files. */
export class ServedPlayground {
  readonly address: string;
  readonly #server: PreviewServer;

  private constructor(server: PreviewServer, address: string) {
    this.#server = server;
    this.address = address;
  }

  /**
   * Serves the build. `isolated` sends the headers for threads, and the content security policy as one, too: the policy
   * inside the page does not reach workers.
   */
  static async start(host: 'isolated' | 'plain' = 'isolated'): Promise<ServedPlayground> {
    const isolation = {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Content-Security-Policy': contentSecurityPolicy,
    };
    const server = await preview({
      root,
      configFile: false,
      logLevel: 'error',
      base: './',
      preview: { port: 0, open: false, headers: host === 'isolated' ? isolation : {} },
    });
    const address = server.resolvedUrls?.local[0];
    if (address === undefined) throw new Error('The preview server has no address.');
    return new ServedPlayground(server, address);
  }

  /** Ends the server at once, open connections too. */
  async stop(): Promise<void> {
    const { httpServer } = this.#server;
    if ('closeAllConnections' in httpServer) httpServer.closeAllConnections();
    await this.#server.close();
  }
}

/** Starts the Chromium of the tests; it has WebGPU, played by the processor, unless told otherwise. */
export async function startChromium({ webgpu = true }: { readonly webgpu?: boolean } = {}): Promise<Browser> {
  const { executablePath, env } = await findChromium();
  return chromium.launch({
    executablePath,
    args: [
      ...(webgpu ? chromiumArgs : ['--no-sandbox']),
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
    env,
  });
}

/** A page that remembers what went wrong on it. */
export type WatchedPage = { readonly page: Page; readonly problems: string[] };

/** Opens a page in a profile of its own. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => problems.push(`pageerror: ${error.message}`));
  return { page, problems };
}

/** Opens the playground in a profile of its own and waits until the model has been loaded. */
export async function openPlayground(
  browser: Browser,
  address: string,
  options?: BrowserContextOptions,
): Promise<WatchedPage> {
  const watched = await openPage(browser, options);
  await watched.page.goto(address);
  await whenReady(watched.page);
  return watched;
}

/** Waits until the model has been loaded. */
export async function whenReady(page: Page): Promise<void> {
  await page.locator('.light.ready').waitFor({ timeout: 60_000 });
}

/** Asks about the pictures at hand; gives the whole answer. */
export async function ask(page: Page, question: string): Promise<string> {
  const before = await page.locator('.turn').count();
  await page.locator('#question').fill(question);
  await page.getByRole('button', { name: 'Ask', exact: true }).click();
  const turn = page.locator('.turn').nth(before);
  await turn.locator('.facts').waitFor();
  return turn.locator('.answer-text').innerText();
}
