// Runs on the page: one design of decoding on one device, at several lengths of context.
import { openWebBackend } from '@ovis/backend-web';
import { asyncDispose, decoderContract, float32Tensor, int32Tensor, int64Tensor } from '@ovis/core';

/** Steps before those that count, and those. */
const WARM_UP = 3;

const designs = { ours: openOurs, concat: openConcat };

/** Milliseconds of every step, by context; keys and values of the context are zeros, which cost as much as any others. */
globalThis.measureDecoding = async ({ design, device, folder, contexts, steps, threads }) => {
  const manifest = await (await fetch(`${folder}ovis.json`)).json();
  const graph = manifest.graphs.decoder;
  const blob = async (file) => (await fetch(`${folder}${file}`)).blob();
  const files = {
    model: new Uint8Array(await (await blob(graph.file)).arrayBuffer()),
    externalData: await Promise.all(
      graph.externalData.map(async (file) => ({ location: file, data: await blob(file) })),
    ),
  };
  const decoder = await designs[design]({ device, threads, files, signature: graph.signature });
  const result = {};
  for (const context of contexts) {
    const sequence = await decoder.begin(context, WARM_UP + steps);
    const times = [];
    for (let step = 0; step < WARM_UP + steps; step++) {
      const began = performance.now();
      await sequence.step(context + step);
      times.push(performance.now() - began);
    }
    result[context] = times.slice(WARM_UP);
    await sequence.end();
  }
  return result;
};

function inputsAt(position, size) {
  const embedding = Float32Array.from({ length: size }, (_, index) => Math.sin(position + index));
  return {
    inputs_embeds: float32Tensor(embedding, [1, 1, size]),
    last_position: int32Tensor([position]),
    total_length: int32Tensor([position + 1]),
    logit_positions: int64Tensor([0]),
  };
}

/** As `ovis/web` decodes: a state with room for what comes, and only the candidates of the graph come back. */
async function openOurs({ device, threads, files, signature }) {
  const backend = await openWebBackend({ device, threads });
  const session = await backend.openSession({ kind: 'bytes', ...files }, decoderContract, signature);
  const size = signature.inputs.inputs_embeds.shape[2];
  return {
    async begin(context, steps) {
      const state = await session.createState(context + steps);
      return {
        step: (position) => session.run(inputsAt(position, size), { outputs: ['top_logits', 'top_ids'], state }),
        end: () => state[asyncDispose](),
      };
    },
  };
}

/**
 * As transformers.js decodes: keys and values as long as the past go in, those one longer come out and go in again (on
 * WebGPU without leaving the device), and the logits of the whole vocabulary are read for the next token.
 */
async function openConcat({ device, threads, files, signature }) {
  const runtime = await (device === 'wasm' ? import('onnxruntime-web/wasm') : webGpuRuntime());
  runtime.env.logLevel = 'error';
  if (device === 'wasm') runtime.env.wasm.numThreads = threads;
  const location = device === 'wasm' ? 'cpu' : 'gpu-buffer';
  const session = await runtime.InferenceSession.create(files.model, {
    executionProviders: device === 'wasm' ? ['wasm'] : [{ name: 'webgpu', device: await graphicsDevice() }],
    externalData: files.externalData.map(({ location: path, data }) => ({ path, data })),
    preferredOutputLocation: Object.fromEntries(signature.state.map(({ output }) => [output, location])),
    logSeverityLevel: 3,
  });
  const size = signature.inputs.inputs_embeds.shape[2];
  const outputs = ['logits', ...signature.state.map(({ output }) => output)];
  const { Tensor } = runtime;
  return {
    async begin(context) {
      let past = Object.fromEntries(
        signature.state.map(({ input, shape }) => {
          const dims = shape.map((dim, axis) => (axis === 2 ? context : dim));
          return [input, new Tensor('float32', new Float32Array(dims.reduce((a, b) => a * b)), dims)];
        }),
      );
      const free = () => Object.values(past).forEach((tensor) => tensor.dispose());
      return {
        async step(position) {
          const inputs = Object.entries(inputsAt(position, size)).map(([name, { dtype, data, dims }]) => [
            name,
            new Tensor(dtype, data, dims),
          ]);
          const results = await session.run({ ...Object.fromEntries(inputs), ...past }, outputs);
          free();
          past = Object.fromEntries(signature.state.map(({ input, output }) => [input, results[output]]));
          largest(results.logits.data);
        },
        end: async () => free(),
      };
    },
  };
}

function webGpuRuntime() {
  return 'Suspending' in WebAssembly ? import('onnxruntime-web/jspi') : import('onnxruntime-web/webgpu');
}

/** With the features that the other design asks for. */
async function graphicsDevice() {
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  const { maxBufferSize, maxStorageBufferBindingSize, maxComputeInvocationsPerWorkgroup } = adapter.limits;
  const { maxComputeWorkgroupStorageSize, maxStorageBuffersPerShaderStage, maxComputeWorkgroupSizeX } = adapter.limits;
  const features = adapter.info.subgroupMinSize >= 8 ? ['shader-f16', 'subgroups'] : ['shader-f16'];
  return adapter.requestDevice({
    requiredFeatures: features.filter((name) => adapter.features.has(name)),
    requiredLimits: {
      maxBufferSize,
      maxStorageBufferBindingSize,
      maxComputeInvocationsPerWorkgroup,
      maxComputeWorkgroupStorageSize,
      maxStorageBuffersPerShaderStage,
      maxComputeWorkgroupSizeX,
    },
  });
}

function largest(logits) {
  let best = 0;
  for (let index = 1; index < logits.length; index++) if (logits[index] > logits[best]) best = index;
  return best;
}
