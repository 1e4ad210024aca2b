import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/**
 * Cores that this process may use, without counting hyper-threads: two threads on one core share the units
 * that matrix products live on. Where the system does not say, x64 is taken to have two threads per core.
 */
export function physicalCores(): number {
  const logical = availableParallelism();
  const physical = process.platform === 'linux' ? coresOf(read('/proc/cpuinfo')) : assumedCores();
  return Math.max(1, Math.min(logical, physical ?? logical));
}

/** Distinct cores in the text of `/proc/cpuinfo`, or null where it does not name them (ARM, some containers). */
export function coresOf(cpuinfo: string): number | null {
  const cores = new Set<string>();
  let socket = '0';
  for (const line of cpuinfo.split('\n')) {
    const [key = '', value = ''] = line.split(':', 2).map((part) => part.trim());
    if (key === 'physical id') socket = value;
    if (key === 'core id') cores.add(`${socket}/${value}`);
  }
  return cores.size === 0 ? null : cores.size;
}

function assumedCores(): number {
  return process.arch === 'x64' ? Math.ceil(cpus().length / 2) : cpus().length;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
