import {
  asyncDispose,
  type Backend,
  type GraphContract,
  type GraphDescription,
  type GraphSource,
  type NamedTensors,
  type Session,
  type Tensor,
} from '@ovis/core';

/** What the fake graph does with its inputs. */
export type FakeRun = (inputs: NamedTensors, outputs: readonly string[]) => NamedTensors | Promise<NamedTensors>;

/** A backend whose only graph is a function. */
export function fakeBackend(run: FakeRun) {
  const calls: { readonly inputs: NamedTensors; readonly outputs: readonly string[] }[] = [];
  const state: { contract: GraphContract | null; disposals: number } = { contract: null, disposals: 0 };
  const session = {
    async run(inputs: NamedTensors, { outputs = [] }: { readonly outputs?: readonly string[] } = {}) {
      calls.push({ inputs, outputs });
      return run(inputs, outputs);
    },
    async [asyncDispose]() {
      state.disposals++;
    },
  };
  const backend: Backend = {
    device: { kind: 'cpu', runtime: 'fake', reasons: [] },
    async openSession<const C extends GraphContract>(_graph: GraphSource, contract: C) {
      state.contract = contract;
      return session as unknown as Session<C>;
    },
    async [asyncDispose]() {},
  };
  return { backend, calls, state };
}

/** A source and a description that the fake backend does not look at. */
export const fakeGraph: GraphSource = { kind: 'bytes', model: new Uint8Array(0), externalData: [] };

/** A description with these outputs. */
export function fakeDescription(outputs: GraphContract['outputs'] = {}): GraphDescription {
  return { file: 'visual_tokenizer.onnx', externalData: [], signature: { inputs: {}, outputs, state: [] } };
}

/** A float32 tensor whose elements are given by their index. */
export function filled(dims: readonly number[], value: (index: number) => number): Tensor<'float32'> {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return { dtype: 'float32', dims, data: Float32Array.from({ length }, (_, index) => value(index)) };
}
