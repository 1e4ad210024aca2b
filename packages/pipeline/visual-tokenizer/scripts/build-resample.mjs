// Compiles assembly/resample.ts into src/resize/resample-module.ts, which is kept in the repository:
// node scripts/build-resample.mjs
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileResample } from './compile-resample.mjs';

const target = fileURLToPath(new URL('../src/resize/resample-module.ts', import.meta.url));
const base64 = Buffer.from(await compileResample()).toString('base64');
const lines = base64.match(/.{1,100}/gu).map((line) => `  '${line}'`);
writeFileSync(
  target,
  `/** The WebAssembly module of assembly/resample.ts in base64; written by scripts/build-resample.mjs. */
export const resampleModule =
${lines.join(' +\n')};
`,
);
console.log(`${target}: ${base64.length} characters`);
