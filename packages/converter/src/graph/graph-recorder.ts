import type { Dim, FileRange, IntegerProducts, StateSpec, SuccessorSpec, TensorSpec } from '@ovis/core';
import type { GraphWeight } from '../weights/weight-expression.ts';
import type { BuiltGraph } from './built-graph.ts';
import { encodeModel } from './encode-model.ts';
import { GraphConstants } from './graph-constants.ts';
import type { OnnxValueInfo } from './onnx-model.ts';
import {
  dependsOnProducts,
  toOnnxFrame,
  valuesRead,
  type GraphFrame,
  type NodeSpec,
  type RecordedBody,
} from './recorded-node.ts';
import type { Scope } from './scope.ts';
import { mismatch } from './shape-rules.ts';
import { describe, sameShape, type Value } from './value.ts';
import { weightInitializers } from './weight-initializers.ts';

/** Domain of ONNX Runtime's own operators. */
export const CONTRIB = 'com.microsoft';

/** Collects inputs, outputs, weights and nodes of one graph; {@link GraphBuilder} adds the operators. */
export class GraphRecorder {
  readonly #name: string;
  /** Where new nodes, numbers and weights go: the graph, or the body that is being recorded. */
  #frame: GraphFrame = emptyFrame(new GraphConstants());
  readonly #taken = new Set<string>();
  readonly #copies = new Map<string, number>();
  readonly #weights = new Map<string, GraphWeight>();
  readonly #inputs: OnnxValueInfo[] = [];
  readonly #outputs: OnnxValueInfo[] = [];
  /** Names of values that became outputs; nodes look their outputs up here when the graph is written. */
  readonly #outputNames = new Map<Value, string>();
  readonly #inputValues = new Set<Value>();
  readonly #signature = {
    inputs: {} as Record<string, TensorSpec>,
    outputs: {} as Record<string, TensorSpec>,
    state: [] as StateSpec[],
  };
  #successor: SuccessorSpec | null = null;

  constructor(name: string) {
    this.#name = name;
  }

  /** Declares an input of the contract. */
  input(name: string, spec: TensorSpec): Value {
    this.#signature.inputs[name] = spec;
    return this.#addInput(name, spec);
  }

  /** Declares an output of the contract; `value` must be exactly what `spec` promises. */
  output(name: string, value: Value, spec: TensorSpec): void {
    requireSpec(`output ${name}`, value, spec);
    this.#signature.outputs[name] = spec;
    this.#addOutput(name, value, 'tensor', spec.shape);
  }

  /**
   * Declares the input side of a state tensor. Its growing axis is called `past` in the file, because the
   * past and the present of one run need not be equally long.
   */
  stateInput(spec: StateSpec): Value {
    const shape = spec.shape.map((dim, axis) => (axis === spec.growingAxis ? 'past' : dim));
    return this.#addInput(spec.input, { dtype: spec.dtype, shape });
  }

  /** Declares the output side of a state tensor; `appended` is what its spec calls so. */
  stateOutput(spec: StateSpec, value: Value, appended: Value | null = null): void {
    requireSpec(`state ${spec.output}`, value, spec);
    this.#signature.state.push(spec);
    this.#addOutput(spec.output, value, 'tensor', spec.shape);
    if (!spec.appended || appended === null) return;
    const shape = spec.shape.map((dim, axis) => (axis === spec.growingAxis ? 'S' : dim));
    requireSpec(`state ${spec.appended.output}`, appended, { dtype: spec.dtype, shape });
    this.#addOutput(spec.appended.output, appended, 'tensor', shape);
  }

  /** Declares how the inputs of the next run follow from this one. */
  successor(spec: SuccessorSpec): void {
    this.#successor = spec;
  }

  /** Declares an output that is a list of tensors; no part of the signature. */
  sequenceOutput(name: string, value: Value): void {
    this.#addOutput(name, value, 'sequence', []);
  }

  /** Registers a weight and gives its initializers, in the order of {@link GraphWeight}. */
  weight(weight: GraphWeight): readonly Value[] {
    if (this.#weights.has(weight.name)) mismatch(weight.name, 'one weight of this name', 'a second one');
    this.#weights.set(weight.name, weight);
    const initializers = weightInitializers(weight);
    this.#frame.weights.push(...initializers);
    return initializers.map(({ name, dtype, dims }) => ({ name, dtype, shape: dims }));
  }

  /** int64 numbers inside the graph, as a vector. */
  integers(values: readonly number[]): Value {
    return this.#frame.constants.integers(values);
  }

  /** float32 numbers inside the graph, as a vector. */
  floats(values: readonly number[]): Value {
    return this.#frame.constants.floats(values);
  }

  /** uint8 numbers inside the graph, as a vector. */
  bytes(values: readonly number[]): Value {
    return this.#frame.constants.bytes(values);
  }

  /** Values that several nodes may want: what `compute` records the first time, then the same again. */
  once(key: string, compute: () => readonly Value[]): readonly Value[] {
    const known = this.#frame.computed.get(key);
    if (known) return known;
    const { computed } = this.#frame;
    const values = compute();
    computed.set(key, values);
    return values;
  }

  /** Records a node; its name is its place in the checkpoint. Gives the outputs that were not omitted. */
  node(spec: NodeSpec, scope: Scope): readonly Value[] {
    const name = this.#unique(scope.path(spec.operator));
    const outputs = spec.outputs.map((output, index) =>
      output === null ? null : { ...output, name: index === 0 ? `${name}_output` : `${name}_output_${index}` },
    );
    this.#frame.nodes.push({ ...spec, name, outputs });
    return outputs.filter((output) => output !== null);
  }

  /** Records a node of which only the first output matters, and gives that. */
  single(spec: NodeSpec, scope: Scope): Value {
    const [value] = this.node(spec, scope);
    return value ?? mismatch(scope.path(spec.operator), 'an output', 'none');
  }

  /** Records what `build` does as a graph of its own, for an operator that runs it. */
  body(
    inputs: readonly TensorSpec[],
    scope: Scope,
    build: (...inputs: readonly Value[]) => readonly Value[],
  ): RecordedBody {
    const around = this.#frame;
    const name = this.#unique(scope.path('body'));
    const values = inputs.map((input, index) => ({ ...input, name: `${name}_input_${index}` }));
    const frame = emptyFrame(new GraphConstants(`${name}/`));
    this.#frame = frame;
    try {
      return { ...frame, inputs: values, outputs: build(...values) };
    } finally {
      this.#frame = around;
    }
  }

  /** Completes the graph. Weights that no node reads are refused. */
  build(): BuiltGraph {
    const read = new Set(this.#frame.nodes.flatMap(valuesRead).map(({ name }) => name));
    const weights = [...this.#weights.values()];
    const idle = weights.flatMap(weightInitializers).find(({ name }) => !read.has(name));
    if (idle) mismatch(idle.name, 'a node that reads this weight', 'none');
    return {
      signature: this.#successor === null ? this.#signature : { ...this.#signature, successor: this.#successor },
      weights,
      dependsOnProducts: dependsOnProducts(this.#frame),
      serialise: (locate, products = 'wide') => this.#serialise(locate, products),
    };
  }

  #serialise(locate: (initializer: string) => FileRange, products: IntegerProducts): Uint8Array {
    const nameOf = (value: Value) => this.#outputNames.get(value) ?? value.name;
    return encodeModel({
      name: this.#name,
      ...toOnnxFrame(this.#frame, { nameOf, locate, products }),
      inputs: this.#inputs,
      outputs: this.#outputs,
    });
  }

  #addInput(name: string, spec: TensorSpec): Value {
    if (this.#taken.has(name)) mismatch(`input ${name}`, 'a name of its own', 'a second input of this name');
    this.#taken.add(name);
    const value = { name, ...spec };
    this.#inputs.push({ kind: 'tensor', name, ...spec });
    this.#inputValues.add(value);
    return value;
  }

  #addOutput(name: string, value: Value, kind: 'tensor' | 'sequence', shape: readonly Dim[]): void {
    if (this.#taken.has(name) || this.#outputNames.has(value) || this.#inputValues.has(value)) {
      mismatch(`output ${name}`, 'a name and a value of its own', `${value.name}, which is in use already`);
    }
    this.#taken.add(name);
    this.#outputNames.set(value, name);
    const { dtype } = value;
    this.#outputs.push(kind === 'tensor' ? { kind, name, dtype, shape } : { kind, name, dtype });
  }

  #unique(path: string): string {
    let name = path;
    let copies = this.#copies.get(path) ?? 0; // a layer of 512 experts has a thousand nodes of one path
    while (this.#taken.has(name)) name = `${path}_${++copies}`;
    this.#copies.set(path, copies);
    this.#taken.add(name);
    return name;
  }
}

function emptyFrame(constants: GraphConstants): GraphFrame {
  return { nodes: [], constants, weights: [], computed: new Map() };
}

function requireSpec(place: string, value: Value, spec: TensorSpec): void {
  if (value.dtype === spec.dtype && sameShape(value.shape, spec.shape)) return;
  mismatch(place, describe(spec), `${value.name}: ${describe(value)}`);
}
