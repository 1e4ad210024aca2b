// Lets programs run as on a processor with AVX2 and nothing wider, on one that has more (Linux with glibc, x86-64).
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { pythonOf, setUpPython } from '../peers/setup.mjs';

const run = promisify(execFile);
const here = fileURLToPath(new URL('.', import.meta.url));

/** Python package that reads machine code. */
const decoder = 'capstone==5.0.9';

/** Flags of `/proc/cpuinfo` that programs do not see any more. */
export const hiddenFlag = /^(avx512.*|avx_vnni.*|avx_ifma|avx_ne_convert|avx10.*|amx_.*)$/;

/** What the C library itself would choose copies of memory by. */
const hiddenFromLibc = ['AVX512F', 'AVX512BW', 'AVX512CD', 'AVX512DQ', 'AVX512VL', 'AVX512ER', 'AVX512PF'];

/**
 * Environment variables that make programs see AVX2 only, for the workspace's libraries and those of the peers in `folder`.
 *
 * @throws Error where this system has no such libraries, or no Python or C compiler.
 */
export async function avx2OnlyHere(folder) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('Vectors wider than those of AVX2 can be hidden on Linux on x86-64 only.');
  }
  await setUpPython(folder, [decoder]);
  const folders = [join(here, '..', '..', 'node_modules'), join(folder, 'npm'), join(folder, 'venv', 'lib')];
  const found = await run(pythonOf(folder), [join(here, 'find_cpuid.py'), ...folders], { maxBuffer: 2 ** 28 });
  const target = join(folder, 'avx2-only');
  mkdirSync(target, { recursive: true });
  const [library, table] = [join(target, 'avx2-only.so'), join(target, 'cpuid.txt')];
  writeFileSync(table, found.stdout);
  await run('cc', ['-O2', '-shared', '-fPIC', '-o', library, join(here, 'avx2-only.c')]);
  const hidden = hiddenFromLibc.map((flag) => `-${flag}`).join(',');
  return { LD_AUDIT: library, AVX2_ONLY_TABLE: table, GLIBC_TUNABLES: `glibc.cpu.hwcaps=${hidden}` };
}
