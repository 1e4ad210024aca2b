import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

/** Both builds for browsers have the page's code and that of the worker, which must lie beside it as `worker.js`. */
const web = { ...base, tsconfig: 'tsconfig.web.json', platform: 'browser' } as const;
const worker = 'src/web/worker/main.ts';

export default defineConfig([
  {
    ...base,
    entry: [
      'src/index.ts',
      'src/node/index.ts',
      'src/node/convert-worker.ts',
      'src/node/memory-worker.ts',
      'src/node/probe-device.ts',
    ],
    // The other builds write there at the same time.
    clean: ['!web/**', '!standalone/**'],
  },
  {
    ...web,
    entry: { index: 'src/web/index.ts', worker },
    outDir: 'dist/web',
    dts: { ...base.dts, entry: 'src/web/index.ts' },
  },
  {
    // For pages without a bundler: everything but the .wasm files of ONNX Runtime.
    ...web,
    entry: { index: 'src/web/index.ts', worker },
    outDir: 'dist/standalone',
    noExternal: [/./],
    minify: true,
    sourcemap: false,
    dts: false,
  },
]);
