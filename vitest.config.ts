import { defineConfig } from 'vitest/config';

/** `ovis-source` resolves every workspace package to its sources, so tests need no build. */
const conditions = ['ovis-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    environment: 'node',
    include: ['packages/**/{src,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 60_000,
    env: { ORT_DISABLE_TELEMETRY: '1' },
    pool: 'forks',
  },
});
