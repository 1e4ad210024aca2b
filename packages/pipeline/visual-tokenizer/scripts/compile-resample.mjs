import { readFileSync } from 'node:fs';
import { compileString } from 'assemblyscript/asc';

/**
 * Compiles assembly/resample.ts.
 *
 * @returns {Promise<Uint8Array>} The bytes of the WebAssembly module.
 */
export async function compileResample() {
  const source = readFileSync(new URL('../assembly/resample.ts', import.meta.url), 'utf8');
  const options = { optimizeLevel: 3, shrinkLevel: 0, runtime: 'stub', noAssert: true, enable: ['simd'] };
  const { error, binary } = await compileString(source, options);
  if (error !== null || binary === null)
    throw new Error(`assembly/resample.ts does not compile: ${String(error)}`, { cause: error });
  return binary;
}
