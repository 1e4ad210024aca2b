import type { GraphSignature } from '@ovis/core';
import type { InferenceSession } from 'onnxruntime-node';
import type { NodeDevice } from '../protocol.ts';
import type { StateHandling } from './graph-session.ts';
import { attentionNodes, outputNames } from './model-names.ts';

/** What the settings of a graph's session depend on. */
export type GraphOptionsContext = {
  readonly device: NodeDevice;
  /** Settings of every session. */
  readonly options: InferenceSession.SessionOptions;
  readonly states: StateHandling;
  /** Whether the processor computes attention for a device that would get it wrong. */
  readonly attentionOnCpu: boolean;
};

/** The settings of one graph's session; `readModel` gives its bytes, where names of nodes are needed. */
export async function graphOptions(
  { device, options, states, attentionOnCpu }: GraphOptionsContext,
  signature: GraphSignature,
  readModel: () => Promise<Uint8Array>,
): Promise<InferenceSession.SessionOptions> {
  if (device !== 'webgpu') return options;
  const model = await readModel();
  const outputs = new Set(states.kind === 'on-device' ? outputNames(model) : []);
  const onDevice = signature.state.map(({ output }) => output).filter((output) => outputs.has(output));
  // The runtime's WebGPU kernel ignores soft caps.
  const nodes = attentionNodes(model).filter(({ softCapped }) => attentionOnCpu || softCapped);
  return {
    ...options,
    ...(onDevice.length > 0
      ? { preferredOutputLocation: Object.fromEntries(onDevice.map((output) => [output, 'gpu-buffer' as const])) }
      : {}),
    ...(nodes.length > 0
      ? { executionProviders: [{ name: 'webgpu', forceCpuNodeNames: nodes.map(({ name }) => name) }, 'cpu'] }
      : {}),
  };
}
