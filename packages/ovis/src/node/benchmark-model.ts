import { asyncDispose } from '@ovis/core';
import type { Benchmark, StagePlan } from '../benchmark/benchmark-types.ts';
import { measureStages } from '../benchmark/measure-stages.ts';
import { resolveStagePlan } from '../benchmark/resolve-stage-plan.ts';
import { stepBytes } from '../benchmark/step-bytes.ts';
import { loadModel } from './load-model.ts';
import type { LoadOptions } from './load-options.ts';
import { memoryBandwidth } from './memory-bandwidth.ts';

/** What to measure, and how the model is loaded. */
export type BenchmarkOptions = StagePlan &
  Omit<LoadOptions, 'maxImagePixels'> & {
    /** Whether the speed of memory is measured, which takes about a second. Default: true. */
    readonly memoryBandwidth?: boolean | undefined;
  };

/**
 * Measures what a model takes on this machine: loading, seeing a picture, reading prompts, writing after contexts,
 * memory. Loads the model itself and frees it in the end; leave the machine alone meanwhile.
 *
 * @param model - Folder of a bundle, or of a checkpoint, which is converted once into the cache folder.
 * @throws InvalidArgumentError when the plan does not fit the model; as `Ovis.load`; or `signal.reason`.
 */
export async function benchmarkModel(model: string | URL, options: BenchmarkOptions = {}): Promise<Benchmark> {
  const { onProgress, signal, memoryBandwidth: measuresMemory = true } = options;
  const {
    loaded,
    platform: { backend },
  } = await loadModel(model, options);
  try {
    const { manifest, timings: load } = loaded;
    const loadedBytes = process.memoryUsage.rss();
    const plan = resolveStagePlan(options, manifest.model.language.contextLength);
    const stages = await measureStages(loaded, plan, { onProgress, signal });
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    return {
      manifest,
      device: backend.device,
      load,
      ...stages,
      stepBytes: stepBytes(manifest),
      memoryBandwidth: measuresMemory ? await memoryBandwidth(backend.device.threads ?? 1, signal) : null,
      memory: { loadedBytes, peakBytes },
    };
  } finally {
    await loaded.dispose();
    await backend[asyncDispose]();
  }
}
