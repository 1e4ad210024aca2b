import { playwright } from '@vitest/browser-playwright';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { chromiumArgs, findChromium } from './scripts/chromium.mjs';
import { servedBundles } from './scripts/served-bundles.mjs';

/** `ovis-source` resolves every workspace package to its sources, so tests need no build. */
const conditions = (platform: string) => ['ovis-source', 'module', platform, 'development|production'];

const browserTests = ['packages/**/{src,test}/**/*.browser.test.ts'];

/** What a page needs to have threads in WebAssembly. Only `server.headers` reaches the pages of Vitest itself. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const node: TestProjectConfiguration = {
  resolve: { conditions: conditions('node') },
  ssr: { resolve: { conditions: conditions('node') } },
  test: {
    name: 'node',
    environment: 'node',
    include: ['packages/**/{src,test}/**/*.test.ts', 'benchmarks/*.test.mjs'],
    exclude: ['**/node_modules/**', '**/dist/**', ...browserTests],
    testTimeout: 60_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks',
  },
};

/** The built playground in a real Chromium, driven from Node. */
const playground: TestProjectConfiguration = {
  test: {
    name: 'playground',
    environment: 'node',
    include: ['examples/playground/test/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    pool: 'forks',
  },
};

/** Tests on a page of a real Chromium. Vite serves the whole repository: `/packages/testing/fixtures/...` is a URL. */
async function browser(): Promise<TestProjectConfiguration> {
  const { executablePath, env } = await findChromium();
  return {
    plugins: [servedBundles()],
    oxc: { target: 'node20' }, // which has no `await using`
    resolve: { conditions: conditions('browser') },
    ssr: { resolve: { conditions: conditions('node') } }, // the converter, which runs in Node
    // Its .wasm and .mjs files lie beside its code, and bundled code would look for them elsewhere.
    // What the worker imports is found before the first test, which would be reloaded otherwise.
    optimizeDeps: { exclude: ['onnxruntime-web'], entries: ['packages/ovis/src/web/worker/main.ts', ...browserTests] },
    server: { headers: isolation },
    test: {
      name: 'browser',
      include: browserTests,
      exclude: ['**/node_modules/**', '**/dist/**'],
      testTimeout: 120_000,
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        fileParallelism: false,
        provider: playwright({ launchOptions: { executablePath, args: chromiumArgs, env } }),
        instances: [{ browser: 'chromium' }],
      },
    },
  };
}

/** Projects that the command line names. */
const named = process.argv.flatMap((arg, index, args) => {
  if (arg.startsWith('--project=')) return [arg.slice('--project='.length)];
  return arg === '--project' ? [args[index + 1]] : [];
});

/** Whether that leaves the browser's project out, so that no browser is looked for. */
const nodeOnly = named.length > 0 && named.every((name) => name === 'node' || name === 'playground');

export default defineConfig({
  test: { projects: nodeOnly ? [node, playground] : [node, playground, await browser()] },
});
