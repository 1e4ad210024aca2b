import {
  bindDimensions,
  boundShape,
  GraphContractError,
  graphDifferences,
  InvalidArgumentError,
  knownShape,
  returnedTensor,
  RuntimeFailureError,
  zeroTensor,
  type BoundDimensions,
  type Dim,
  type GraphContract,
  type GraphSignature,
  type LoadedValue,
  type NamedTensors,
  type StateSpec,
  type SuccessorSpec,
  type Tensor,
} from '@ovis/core';
import type { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node';
import { DeviceState } from './device-state.ts';
import { GraphState } from './graph-state.ts';
import type { Runtime } from './load-runtime.ts';
import { runInPlace } from './run-in-place.ts';
import { toRuntime } from './runtime-tensors.ts';
import { runFailure } from './runtime-failures.ts';
import type { TensorJoiner } from './tensor-joiner.ts';

/** What a graph is checked against. */
export type GraphExpectation = {
  /** Where the graph lies, for messages. */
  readonly place: string;
  readonly contract: GraphContract;
  readonly signature: GraphSignature;
};

/**
 * How states pass from run to run: written where they lie, returned and fed again, or the same with tensors that stay
 * on the device.
 */
export type StateHandling =
  | { readonly kind: 'in-place' }
  | { readonly kind: 'copied' }
  | { readonly kind: 'on-device'; readonly joiner: TensorJoiner };

/** The state of one sequence, wherever it is. */
export type RunState = GraphState | DeviceState;

/** One graph that the runtime has loaded, and how to run it. */
export class GraphSession {
  readonly #runtime: Runtime;
  readonly #session: InferenceSession;
  readonly #signature: GraphSignature;
  readonly #handling: StateHandling;
  /** States and outputs with every number that signature or file knows. */
  readonly #states: readonly StateSpec[];
  readonly #outputShapes: ReadonlyMap<string, readonly Dim[]>;
  /** The output that ends a run before outputs are copied, or null where states are not updated in place. */
  readonly #marker: string | null;
  /** How the next run follows from one, or null where a run that nobody takes would be seen in the state. */
  readonly successor: SuccessorSpec | null;

  /** @throws GraphContractError when graph, signature and contract differ. */
  constructor(runtime: Runtime, session: InferenceSession, expectation: GraphExpectation, handling: StateHandling) {
    const { contract, signature, place } = expectation;
    const differences = graphDifferences(contract, signature, {
      inputs: session.inputMetadata.map(describeValue),
      outputs: session.outputMetadata.map(describeValue),
    });
    if (differences.length > 0) {
      throw new GraphContractError(
        `The graph in ${place} is not the one it should be: ${differences.join('; ')}. Convert the checkpoint again.`,
        { details: { differences } },
      );
    }
    this.#runtime = runtime;
    this.#session = session;
    this.#signature = signature;
    this.#handling = handling;
    const shapes = shapesOf(session);
    this.#states = signature.state.map((spec) => withShape(spec, knownShape(spec.shape, shapes.get(spec.input))));
    this.#outputShapes = new Map(
      Object.entries(signature.outputs).map(([name, { shape }]) => [name, knownShape(shape, shapes.get(name))]),
    );
    // Outputs are converted in the graph's order, so only a marker in front keeps all others from being copied.
    const [first] = session.outputMetadata;
    this.#marker =
      handling.kind === 'in-place' && signature.state.length > 0 && first?.isTensor === false ? first.name : null;
    const onlyGrows = signature.state.every(({ growingAxis }) => growingAxis !== null);
    this.successor = this.#marker !== null && onlyGrows ? (signature.successor ?? null) : null;
  }

  /** An empty state. */
  createState(capacity: number): RunState {
    if (this.#handling.kind !== 'on-device') return new GraphState(this.#states, capacity);
    return new DeviceState(this.#runtime, this.#handling.joiner, this.#states, capacity);
  }

  /** Runs the graph once; `state` is advanced. */
  async run(inputs: NamedTensors, outputs: readonly string[], state: RunState | null): Promise<NamedTensors> {
    const bound = bindDimensions(this.#signature.inputs, inputs);
    const unknown = outputs.find((name) => !this.#outputShapes.has(name));
    if (unknown !== undefined) throw new InvalidArgumentError(`The graph has no output ${unknown}.`);
    if ((state !== null) !== this.#states.length > 0) {
      throw new InvalidArgumentError(state === null ? 'The graph needs a state.' : 'The graph takes no state.');
    }
    if (state !== null && !state.serves(this.#states)) {
      throw new InvalidArgumentError('The state is of another kind of graph. Create it with createState of this one.');
    }
    try {
      if (state === null) return await this.#runPlain(inputs, outputs);
      if (state instanceof DeviceState) return await this.#runOnDevice(inputs, outputs, state);
      const marker = this.#marker;
      const targets = marker === null ? null : this.#targets(outputs, bound);
      if (marker === null || targets === null) return await this.#runCopying(inputs, outputs, state);
      return await this.#runInPlace(inputs, targets, marker, state);
    } catch (error) {
      throw runFailure(error);
    }
  }

  /**
   * A run whose tensors are made once, for graphs with a `successor`: it reads `inputs` and writes `targets` where they lie,
   * however often it is made. Whoever changes what they hold sees to it that it fits.
   */
  prepare(inputs: NamedTensors, targets: NamedTensors, state: RunState): () => Promise<void> {
    const marker = this.#marker;
    if (this.successor === null || marker === null || !(state instanceof GraphState)) {
      throw new InvalidArgumentError('Runs of this graph do not follow from each other.');
    }
    const { feeds, fetches } = this.#boundInPlace(inputs, targets, state); // its states grow, so none lies beside
    return async () => {
      try {
        await runInPlace(this.#session, feeds, marker, fetches);
      } catch (error) {
        throw runFailure(error);
      }
    };
  }

  /** Frees the graph's memory. */
  async release(): Promise<void> {
    await this.#session.release();
  }

  async #runPlain(inputs: NamedTensors, outputs: readonly string[]): Promise<NamedTensors> {
    const results = await this.#session.run(toRuntimeTensors(this.#runtime, inputs), outputs);
    return pick(outputs, results);
  }

  /**
   * The session leaves the states that it returns on the device. The binding keeps whatever output it was ever asked
   * for and wants it again in the same size, so it is always asked for all.
   */
  async #runOnDevice(inputs: NamedTensors, outputs: readonly string[], state: DeviceState): Promise<NamedTensors> {
    const feeds = toRuntimeTensors(this.#runtime, inputs);
    for (const spec of this.#states) feeds[spec.input] = state.current(spec);
    const all = [...this.#outputShapes.keys(), ...this.#states.map(({ output }) => output)];
    const results = await this.#session.run(feeds, all);
    state.advance(results);
    return pick(outputs, results);
  }

  /** States come back as outputs and are fed to the next run. */
  async #runCopying(inputs: NamedTensors, outputs: readonly string[], state: GraphState): Promise<NamedTensors> {
    const feeds = toRuntimeTensors(this.#runtime, inputs);
    for (const spec of this.#states) feeds[spec.input] = toRuntime(this.#runtime, state.current(spec));
    const present = this.#states.map(({ output }) => output);
    const results = await this.#session.run(feeds, [...outputs, ...present]);
    state.advance(new Map(this.#states.map((spec) => [spec, resultOf(spec.output, results)])));
    return pick(outputs, results);
  }

  /** The run writes states and outputs where they belong, and nothing is copied. */
  async #runInPlace(
    inputs: NamedTensors,
    targets: NamedTensors,
    marker: string,
    state: GraphState,
  ): Promise<NamedTensors> {
    const { feeds, fetches, beside } = this.#boundInPlace(inputs, targets, state);
    await runInPlace(this.#session, feeds, marker, fetches);
    state.advance(beside);
    return targets;
  }

  /** What a run in place reads and writes, and the states that it does not write where it reads them. */
  #boundInPlace(inputs: NamedTensors, targets: NamedTensors, state: GraphState) {
    const feeds = toRuntimeTensors(this.#runtime, inputs);
    const fetches = toRuntimeTensors(this.#runtime, targets);
    const beside = new Map<StateSpec, Tensor>();
    for (const spec of this.#states) {
      const current = state.current(spec);
      const target = state.target(spec);
      const fed = toRuntime(this.#runtime, current);
      feeds[spec.input] = fed;
      fetches[spec.output] = target === current ? fed : toRuntime(this.#runtime, target);
      if (target !== current) beside.set(spec, target);
    }
    return { feeds, fetches, beside };
  }

  /** Memory for outputs, or null where a shape is only known after the run. */
  #targets(outputs: readonly string[], bound: BoundDimensions): NamedTensors | null {
    const targets: Record<string, Tensor> = {};
    for (const name of outputs) {
      const spec = this.#signature.outputs[name];
      const dims = boundShape(this.#outputShapes.get(name) ?? [], bound);
      if (spec === undefined || dims === null) return null;
      targets[name] = zeroTensor(spec.dtype, dims);
    }
    return targets;
  }
}

function describeValue(value: InferenceSession.ValueMetadata): LoadedValue {
  return value.isTensor
    ? { name: value.name, dtype: value.type, shape: value.shape }
    : { name: value.name, dtype: null, shape: null };
}

/** Shapes of inputs and outputs as the file has them. */
function shapesOf({ inputMetadata, outputMetadata }: InferenceSession): ReadonlyMap<string, readonly Dim[]> {
  const shapes = new Map<string, readonly Dim[]>();
  for (const value of [...inputMetadata, ...outputMetadata]) if (value.isTensor) shapes.set(value.name, value.shape);
  return shapes;
}

function withShape(spec: StateSpec, shape: readonly Dim[]): StateSpec {
  return { ...spec, shape };
}

function toRuntimeTensors(runtime: Runtime, tensors: NamedTensors): Record<string, RuntimeTensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, toRuntime(runtime, tensor)]));
}

function pick(names: readonly string[], results: InferenceSession.OnnxValueMapType): NamedTensors {
  return Object.fromEntries(names.map((name) => [name, resultOf(name, results)]));
}

function resultOf(name: string, results: InferenceSession.OnnxValueMapType): Tensor {
  const tensor = results[name];
  if (tensor === undefined) throw new RuntimeFailureError(`The run returned no output ${name}.`);
  return returnedTensor(name, tensor);
}
