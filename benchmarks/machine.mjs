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
    /** Share of processor time since the start that went to other guests of the host, where it is known. */
    shares: { stolen: stolenShare() },
  };
}

function stolenShare() {
  const times = (/^cpu (.*)$/m.exec(read('/proc/stat'))?.[1] ?? '').trim().split(/\s+/).map(Number);
  const all = times.reduce((sum, time) => sum + time, 0);
  return all > 0 ? (times[7] ?? 0) / all : null;
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
