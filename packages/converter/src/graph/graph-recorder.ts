import type { DataType, Dim, FileRange, GraphSignature, StateSpec, TensorSpec } from '@ovis/core';
import type { GraphWeight } from '../weights/weight-expression.ts';
import type { BuiltGraph } from './built-graph.ts';
import { encodeModel } from './encode-model.ts';
import type { Attribute, OnnxInitializer, OnnxNode, OnnxValueInfo } from './onnx-model.ts';
import type { Scope } from './scope.ts';
import { mismatch } from './shape-rules.ts';
import { describe, sameShape, type Value } from './value.ts';
import { weightInitializers, type WeightInitializer } from './weight-initializers.ts';

/** Domain of ONNX Runtime's own operators. */
export const CONTRIB = 'com.microsoft';

/** A node as it is recorded; `null` omits an optional input or output. */
export type NodeSpec = {
  readonly operator: string;
  /** Default: '', ONNX itself. */
  readonly domain?: string;
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly (TensorSpec | null)[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
};

type RecordedNode = Omit<OnnxNode, 'inputs' | 'outputs'> & {
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly (Value | null)[];
};

/** Collects inputs, outputs, weights and nodes of one graph; {@link GraphBuilder} adds the operators. */
export class GraphRecorder {
  readonly #name: string;
  readonly #nodes: RecordedNode[] = [];
  readonly #taken = new Set<string>();
  readonly #constants = new Map<string, { value: Value; bytes: Uint8Array }>();
  readonly #weights = new Map<string, GraphWeight>();
  readonly #initializers: WeightInitializer[] = [];
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
    if (value.dtype !== spec.dtype || !sameShape(value.shape, spec.shape)) {
      mismatch(`output ${name}`, describe(spec), `${value.name}: ${describe(value)}`);
    }
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

  /** Declares the output side of a state tensor. */
  stateOutput(spec: StateSpec, value: Value): void {
    if (value.dtype !== spec.dtype || !sameShape(value.shape, spec.shape)) {
      mismatch(`state ${spec.output}`, describe(spec), `${value.name}: ${describe(value)}`);
    }
    this.#signature.state.push(spec);
    this.#addOutput(spec.output, value, 'tensor', spec.shape);
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
    this.#initializers.push(...initializers);
    return initializers.map(({ name, dtype, dims }) => ({ name, dtype, shape: dims }));
  }

  /** int64 numbers inside the graph; `shape` defaults to a vector. */
  integers(values: readonly number[], shape: readonly number[] = [values.length]): Value {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setBigInt64(index * 8, BigInt(value), true));
    return this.#constant('int64', shape, bytes, values.join('_'));
  }

  /** float32 numbers inside the graph, as a vector. */
  floats(values: readonly number[]): Value {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setFloat32(index * 4, value, true));
    return this.#constant('float32', [values.length], bytes, values.join('_'));
  }

  /** Records a node; its name is its place in the checkpoint. Gives the outputs that were not omitted. */
  node(spec: NodeSpec, scope: Scope): readonly Value[] {
    const name = this.#unique(scope.path(spec.operator));
    const outputs = spec.outputs.map((output, index) =>
      output === null ? null : { ...output, name: index === 0 ? `${name}_output` : `${name}_output_${index}` },
    );
    const { operator, domain = '', inputs, attributes = {} } = spec;
    this.#nodes.push({ name, operator, domain, inputs, outputs, attributes });
    return outputs.filter((output) => output !== null);
  }

  /** Records a node of which only the first output matters, and gives that. */
  single(spec: NodeSpec, scope: Scope): Value {
    const [value] = this.node(spec, scope);
    return value ?? mismatch(scope.path(spec.operator), 'an output', 'none');
  }

  /** Completes the graph. Weights that no node reads are refused. */
  build(): BuiltGraph {
    const read = new Set(this.#nodes.flatMap((node) => node.inputs.map((input) => input?.name)));
    const idle = this.#initializers.find(({ name }) => !read.has(name));
    if (idle) mismatch(idle.name, 'a node that reads this weight', 'none');
    return {
      signature: this.#signature satisfies GraphSignature,
      weights: [...this.#weights.values()],
      serialise: (locate) => this.#serialise(locate),
    };
  }

  #serialise(locate: (initializer: string) => FileRange): Uint8Array {
    const nameOf = (value: Value | null) => (value === null ? '' : (this.#outputNames.get(value) ?? value.name));
    const constants = [...this.#constants.values()].map(
      ({ value, bytes }): OnnxInitializer => ({
        name: value.name,
        dtype: value.dtype,
        dims: value.shape.map(Number),
        content: { bytes },
      }),
    );
    const weights = this.#initializers.map(
      (initializer): OnnxInitializer => ({ ...initializer, content: { external: locate(initializer.name) } }),
    );
    return encodeModel({
      name: this.#name,
      nodes: this.#nodes.map((node) => ({
        ...node,
        inputs: node.inputs.map(nameOf),
        outputs: node.outputs.map(nameOf),
      })),
      initializers: [...constants, ...weights],
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

  #constant(dtype: DataType, shape: readonly number[], bytes: Uint8Array, label: string): Value {
    const name = `constant/${dtype}/${label}/${shape.join('x')}`;
    const known = this.#constants.get(name);
    if (known) return known.value;
    const value = { name, dtype, shape };
    this.#constants.set(name, { value, bytes });
    return value;
  }

  #unique(path: string): string {
    let name = path;
    for (let copy = 1; this.#taken.has(name); copy++) name = `${path}_${copy}`;
    this.#taken.add(name);
    return name;
  }
}
