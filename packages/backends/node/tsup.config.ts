import { defineConfig } from 'tsup';
import { base } from '../../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', worker: 'src/worker/main.ts' },
  dts: { ...base.dts, entry: 'src/index.ts' },
});
