import { integerProbeModel } from '@ovis/core';
import { integerProbeGraph } from '@ovis/testing';
import { cpus } from 'node:os';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findIntegerProducts } from './find-integer-products.ts';
import { loadRuntime } from './load-runtime.ts';

test('the probe model of core is the readable graph', () => {
  expect(Buffer.from(integerProbeModel).toString('base64')).toBe(Buffer.from(integerProbeGraph).toString('base64'));
});

test('a processor with VNNI, or one that is no x64, passes', async () => {
  const found = await findIntegerProducts(await loadRuntime(), { logSeverityLevel: 3 });
  const exact = process.arch !== 'x64' || (process.platform === 'linux' && hasVnni());
  if (exact) expect([cpus()[0]?.model, found]).toEqual([cpus()[0]?.model, 'wide']);
  else expect(['wide', 'narrow']).toContain(found);
});

/** As the processor says, unless that is hidden from the runtime (see benchmarks/avx2-only). */
function hasVnni(): boolean {
  if (process.env['AVX2_ONLY_TABLE'] !== undefined) return false;
  return /\b(avx512_vnni|avx_vnni)\b/u.test(readFileSync('/proc/cpuinfo', 'utf8'));
}
