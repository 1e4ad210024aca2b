import type { Browser, BrowserContextOptions } from 'playwright';
import { afterAll, beforeAll } from 'vitest';
import { openPlayground, ServedPlayground, startChromium, type WatchedPage } from './served-page.ts';

/** A browser and the served playground. */
export type SharedPlayground = {
  readonly browser: Browser;
  readonly address: string;
  /** Opens the page in a profile of its own and waits until the model has been loaded. */
  readonly open: (options?: BrowserContextOptions) => Promise<WatchedPage>;
};

/** Starts a browser and a server before the tests of a file, and ends both after them. They are there inside tests. */
export function sharedPlayground(): SharedPlayground {
  let browser: Browser;
  let served: ServedPlayground;
  beforeAll(async () => {
    [browser, served] = await Promise.all([startChromium(), ServedPlayground.start()]);
  });
  afterAll(async () => {
    await Promise.all([browser?.close(), served?.stop()]);
  });
  return {
    get browser() {
      return browser;
    },
    get address() {
      return served.address;
    },
    open: (options) => openPlayground(browser, served.address, options),
  };
}
