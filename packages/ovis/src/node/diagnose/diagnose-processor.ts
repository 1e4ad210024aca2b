import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Finding } from './diagnosis-types.ts';

/** Names in `/proc/cpuinfo` of what decides how fast 8-bit and float products are. */
const units: Readonly<Record<string, string>> = {
  avx2: 'AVX2',
  fma: 'FMA',
  avx512f: 'AVX-512',
  avx512_vnni: 'AVX-512 VNNI',
  avx_vnni: 'AVX-VNNI',
  avx512_bf16: 'AVX-512 BF16',
  amx_int8: 'AMX int8',
  amx_bf16: 'AMX bf16',
  asimddp: 'ARM dot products',
  i8mm: 'ARM int8 matrices',
  sve: 'SVE',
};

/** Which processor this is, and its vector and matrix units where the system tells (Linux). */
export function diagnoseProcessor(cpuinfo: string = readCpuinfo()): Finding {
  const processors = cpus();
  const name = processors[0]?.model.trim() || process.arch;
  const listed = /^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo)?.[1];
  const flags =
    listed === undefined
      ? null
      : listed
          .trim()
          .split(/\s+/)
          .filter((flag) => Object.hasOwn(units, flag));
  const usable = availableParallelism();
  return {
    area: 'processor',
    state: 'good',
    text: `${name}, ${usable} of ${processors.length} logical processors usable`,
    more: flags === null || flags.length === 0 ? [] : [flags.map((flag) => units[flag] ?? flag).join(', ')],
    details: { name, usable, logical: processors.length, flags },
  };
}

function readCpuinfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}
