import type { InferenceSession } from 'onnxruntime-web';
import { probeIntegerProducts, integerProbeModel, type IntegerProducts } from '@ovis/core';
import type { GraphicsDevice } from '../device/graphics-device.ts';
import { loadRuntime, runtimeBuildFor, runtimeFileOf, type Runtime } from './load-runtime.ts';
import { startFailure } from './runtime-failures.ts';

/** ONNX Runtime, started on a device. Everything below is called from the queue only. */
export type StartedRuntime = {
  readonly runtime: Runtime;
  /** Settings of every session. */
  readonly options: InferenceSession.SessionOptions;
  /** Null on WebAssembly. */
  readonly graphics: GraphicsDevice | null;
  readonly integerProducts: IntegerProducts;
};

/** How to start it. */
export type StartOptions = {
  readonly graphics: GraphicsDevice | null;
  readonly threads: number;
  /** Folder of the `.wasm` files, or null. */
  readonly runtimeFiles: string | null;
};

/** Only errors are written to the console. */
const ERRORS_ONLY = 3;

/** Loads ONNX Runtime, starts it and tries the processor with a small graph. */
export async function startRuntime({ graphics, threads, runtimeFiles }: StartOptions): Promise<StartedRuntime> {
  const device = graphics === null ? 'wasm' : 'webgpu';
  const build = runtimeBuildFor(device);
  const runtime = await loadRuntime(build);
  const { env } = runtime;
  env.logLevel = 'error';
  env.wasm.numThreads = threads;
  if (runtimeFiles !== null) env.wasm.wasmPaths = { wasm: new URL(runtimeFileOf[build], runtimeFiles).href };
  const base: InferenceSession.SessionOptions = {
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableCpuMemArena: true,
    enableMemPattern: true,
    logSeverityLevel: ERRORS_ONLY,
  };
  try {
    const integerProducts = await findIntegerProducts(runtime, { ...base, executionProviders: ['wasm'] });
    const executionProviders =
      graphics === null ? ['wasm'] : [{ name: 'webgpu', device: graphics.device } as const, 'wasm'];
    return { runtime, graphics, integerProducts, options: { ...base, executionProviders } };
  } catch (error) {
    throw startFailure(error, device, runtimeFileOf[build]);
  }
}

async function findIntegerProducts(
  runtime: Runtime,
  options: InferenceSession.SessionOptions,
): Promise<IntegerProducts> {
  const session = await runtime.InferenceSession.create(integerProbeModel, options);
  try {
    return await probeIntegerProducts(async (a, dims) => {
      const { y } = await session.run({ a: new runtime.Tensor('uint8', a, dims) });
      return y?.data instanceof Int32Array ? y.data : [];
    });
  } finally {
    await session.release();
  }
}
