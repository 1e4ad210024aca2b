import { cpus, totalmem } from 'node:os';
import type { Benchmark, RepeatedTime } from 'ovis/node';

/** What `ovis bench --json` prints; times are in milliseconds. */
export type BenchSummary = Pick<Benchmark, 'device' | 'load' | 'memory' | 'memoryBandwidth' | 'stepBytes'> & {
  readonly model: {
    readonly name: string;
    readonly generation: string;
    readonly dtypes: Benchmark['manifest']['dtypes'];
    /** Of the whole bundle. */
    readonly bytes: number;
  };
  readonly machine: { readonly processor: string; readonly memoryBytes: number; readonly node: string };
  readonly prefill: readonly { readonly length: number; readonly tokensPerSecond: number; readonly ms: RepeatedTime }[];
  readonly decode: readonly {
    readonly context: number;
    readonly tokensPerSecond: number;
    /** Speed as a share of what reading weights and keys and values from memory permits; null where unknown. */
    readonly shareOfMemory: number | null;
    readonly ms: RepeatedTime;
  }[];
  readonly picture: Benchmark['picture'];
};

/** The numbers that people compare, beside all single times. */
export function benchSummary(measured: Benchmark): BenchSummary {
  const { manifest, device, load, memory, memoryBandwidth, stepBytes, prefill, decode, picture } = measured;
  return {
    model: {
      name: manifest.model.name,
      generation: manifest.model.generation,
      dtypes: manifest.dtypes,
      bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0),
    },
    machine: {
      processor: cpus()[0]?.model.trim() ?? process.arch,
      memoryBytes: totalmem(),
      node: process.version,
    },
    device,
    load,
    picture,
    prefill: prefill.map(({ length, ms }) => ({ length, tokensPerSecond: (1000 * length) / ms.median, ms })),
    decode: decode.map(({ context, ms }) => {
      const bytes = stepBytes.weights + context * stepBytes.perPosition;
      const least = memoryBandwidth === null ? null : (1000 * bytes) / memoryBandwidth;
      const shareOfMemory = least === null || device.kind !== 'cpu' ? null : least / ms.median;
      return { context, tokensPerSecond: 1000 / ms.median, shareOfMemory, ms };
    }),
    stepBytes,
    memoryBandwidth,
    memory,
  };
}
