import { defineConfig } from 'tsup';
import { base } from '../../tsup.base.ts';

export default defineConfig({
  ...base,
  entry: { index: 'src/index.ts', 'quantise-worker': 'src/quantise/worker.ts' },
  dts: { ...base.dts, entry: 'src/index.ts' },
});
