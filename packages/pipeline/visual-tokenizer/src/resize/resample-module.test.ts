import { expect, test } from 'vitest';
import { compileResample } from '../../scripts/compile-resample.mjs';
import { resampleModule } from './resample-module.ts';

test('the module in the repository is what its source compiles to', async () => {
  expect(Buffer.from(resampleModule, 'base64').equals(await compileResample())).toBe(true);
});
