// What the machine is and how busy it is.
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';

/** Vector and matrix units that decide how fast a model can be. */
const interesting = /^(avx2|avx512f|avx512_vnni|avx_vnni|avx512_bf16|amx_.*|fma|asimddp|i8mm|bf16|sve2?)$/;

export function machineNow() {
  const info = read('/proc/cpuinfo');
  const flags = (/^(?:flags|Features)\s*:(.*)$/m.exec(info)?.[1] ?? '').trim().split(/\s+/);
  const cores = new Set([...info.matchAll(/^core id\s*:\s*(\d+)/gm)].map(([, id]) => id));
  return {
    processor: cpus()[0]?.model.trim() ?? arch(),
    logicalCores: availableParallelism(),
    physicalCores: Math.min(availableParallelism(), cores.size || availableParallelism()),
    flags: flags.filter((flag) => interesting.test(flag)),
    memoryBytes: totalmem(),
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    /** Mean number of running processes in the last minute. */
    load: loadavg()[0],
  };
}

/** Seconds of processor time that everybody used since the start, stolen by other guests included (Linux; else null). */
export function busySeconds() {
  const times = /^cpu +(.*)$/m.exec(read('/proc/stat'))?.[1]?.split(' ').map(Number);
  if (!times) return null;
  const [user, nice, system, , , irq, softirq, steal] = times;
  return (user + nice + system + irq + softirq + steal) / 100;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
