import {
  graphDifferences,
  knownShape,
  GraphContractError,
  type Dim,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type LoadedValue,
  InvalidArgumentError,
  type StateSpec,
} from '@ovis/core';
import type { InferenceSession } from 'onnxruntime-web';
import type { GraphicsDevice } from './device/graphics-device.ts';
import { checkDeviceLimits } from './graph/check-device-limits.ts';
import { graphWeights } from './graph/graph-weights.ts';
import { softCappedAttention } from './graph/soft-capped-attention.ts';
import { withWeightsOutside } from './graph/with-weights-outside.ts';
import type { Runtime } from './runtime/load-runtime.ts';
import { loadFailure } from './runtime/runtime-failures.ts';
import type { StartedRuntime } from './runtime/started-runtime.ts';

/** A graph that the runtime has loaded and that is the one it should be. */
export type LoadedSession = {
  readonly runtime: Runtime;
  readonly session: InferenceSession;
  readonly signature: GraphSignature;
  /** State specs with every number that the file knows. */
  readonly states: readonly StateSpec[];
  /** Whether states belong to JavaScript, also on WebGPU: where the processor computes the attention. */
  readonly statesOnHost: boolean;
};

/**
 * Loads a graph and checks it.
 *
 * @throws GraphContractError when graph, signature and contract differ; BackendUnavailableError when the device cannot
 *   hold it; ModelFileError when it is no graph; RuntimeFailureError when memory runs out.
 */
export async function loadSession(
  { runtime, options, graphics }: StartedRuntime,
  graph: GraphSource,
  contract: GraphContract,
  signature: GraphSignature,
): Promise<LoadedSession> {
  if (graph.kind === 'path') throw new InvalidArgumentError('A browser has no paths: pass the bytes of the graph.');
  const onProcessor = graphics === null ? [] : softCappedAttention(graph.model);
  if (graphics !== null) {
    const weights = graphWeights(graph.model);
    const { adapter, device } = graphics;
    const { maxBufferSize } = device.limits;
    const limits = { maxBufferSize, halfPrecision: adapter.halfPrecision, adapter: adapter.name };
    if (weights !== null) checkDeviceLimits(weights, limits);
  }
  const session = await create(
    runtime,
    graph,
    graphics === null ? options : withNodesOnProcessor(options, graphics, onProcessor),
  );
  const differences = graphDifferences(contract, signature, {
    inputs: session.inputMetadata.map(describeValue),
    outputs: session.outputMetadata.map(describeValue),
  });
  if (differences.length > 0) {
    await session.release();
    throw new GraphContractError(
      `The graph is not the one it should be: ${differences.join('; ')}. Convert the checkpoint again.`,
      { details: { differences } },
    );
  }
  const inputs = new Map<string, readonly Dim[]>(
    session.inputMetadata.flatMap((value) => (value.isTensor ? [[value.name, value.shape] as const] : [])),
  );
  const states = signature.state.map((spec) => ({ ...spec, shape: knownShape(spec.shape, inputs.get(spec.input)) }));
  return { runtime, session, signature, states, statesOnHost: graphics === null || onProcessor.length > 0 };
}

/** The settings of a session on WebGPU some of whose nodes the processor computes. */
function withNodesOnProcessor(
  options: InferenceSession.SessionOptions,
  { device }: GraphicsDevice,
  forceCpuNodeNames: string[],
): InferenceSession.SessionOptions {
  if (forceCpuNodeNames.length === 0) return options;
  return { ...options, executionProviders: [{ name: 'webgpu', device, forceCpuNodeNames }, 'wasm'] };
}

async function create(
  runtime: Runtime,
  { model, externalData }: Extract<GraphSource, { readonly kind: 'bytes' }>,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(withWeightsOutside(model), {
      ...options,
      externalData: externalData.map(({ location, data }) => ({ path: location, data })),
    });
  } catch (error) {
    throw loadFailure(error);
  }
}

function describeValue(value: InferenceSession.ValueMetadata): LoadedValue {
  return value.isTensor
    ? { name: value.name, dtype: value.type, shape: value.shape }
    : { name: value.name, dtype: null, shape: null };
}
