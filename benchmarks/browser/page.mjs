// Runs on the page: designs of decoding on one device, at several lengths of context, step by step in turns.
import { openWebBackend } from '@ovis/backend-web';
import { asyncDispose, decoderContract, float32Tensor, int32Tensor, int64Tensor } from '@ovis/core';

/** Steps before those that count, and those. */
const WARM_UP = 3;

const designs = { ours: openOurs, concat: openConcat };

/**
 * Milliseconds of every step by design and context. The designs take turns, so that whatever slows the machine hits them
 * alike. Keys and values of the context are zeros, which cost as much as any others.
 */
globalThis.measureDecoding = async ({ bundles, device, contexts, steps, threads }) => {
  const decoders = [];
  // Ours first: it chooses the graphics device, which both then use.
  for (const design of Object.keys(designs).filter((name) => name in bundles)) {
    const files = await filesOf(bundles[design]);
    decoders.push({ design, decoder: await designs[design]({ device, threads, ...files }), times: {} });
  }
  for (const context of contexts) {
    const sequences = [];
    for (const { decoder } of decoders) sequences.push(await decoder.begin(context, WARM_UP + steps));
    for (let step = 0; step < WARM_UP + steps; step++) {
      for (const [index, { times }] of decoders.entries()) {
        const began = performance.now();
        await sequences[index].step(context + step);
        if (step >= WARM_UP) (times[context] ??= []).push(performance.now() - began);
      }
    }
    for (const sequence of sequences) await sequence.end();
  }
  return Object.fromEntries(decoders.map(({ design, times }) => [design, times]));
};

async function filesOf(folder) {
  const { graphs } = await (await fetch(`${folder}ovis.json`)).json();
  const { file, externalData, signature } = graphs.decoder;
  const blob = async (name) => (await fetch(`${folder}${name}`)).blob();
  const model = new Uint8Array(await (await blob(file)).arrayBuffer());
  const data = await Promise.all(externalData.map(async (location) => ({ location, data: await blob(location) })));
  return { files: { model, externalData: data }, signature };
}

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
  else runtime.env.webgpu.device ??= await graphicsDevice();
  const location = device === 'wasm' ? 'cpu' : 'gpu-buffer';
  const session = await runtime.InferenceSession.create(files.model, {
    executionProviders: [device],
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
