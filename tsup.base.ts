import type { Options } from 'tsup';

/** Shared tsup options; `dts` needs the flag because tsup 8.5 still sets `baseUrl`. */
export const base: Options = {
  format: 'esm',
  target: 'es2023',
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  sourcemap: true,
  clean: true,
};
