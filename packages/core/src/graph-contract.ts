import type { DataOf, DataType, Tensor } from './tensor.ts';

/**
 * A dimension: a number, or a letter of the legend (docs/shapes.md) whose value a graph or a run decides.
 * The same letter means the same number throughout one run.
 */
export type Dim = number | string;

/** Element type and shape of one input or output. */
export type TensorSpec = { readonly dtype: DataType; readonly shape: readonly Dim[] };

/**
 * One pair of tensors that lives from run to run inside the backend: what the graph writes to `output` is
 * what the next run reads from `input`.
 */
export type StateSpec = TensorSpec & {
  /** Name of the graph input that takes the past. */
  readonly input: string;
  /** Name of the graph output that gives the present. */
  readonly output: string;
  /** Axis that grows with the sequence (key/value caches), or null for states of fixed size. */
  readonly growingAxis: number | null;
  /** Also gives what a run appends on its own, for backends that would have to copy the whole output; null or absent: does not. */
  readonly appended?: AppendedSpec | null;
};

/** What a run appends to a growing state: the same type and shape, but as long on the growing axis as the run had positions. */
export type AppendedSpec = {
  /** Name of the graph output. */
  readonly output: string;
  /** Name of the int32 input `[1]` that tells how long the state is with it, and so where it ends. */
  readonly length: string;
};

/** What an exported graph promises: the converter builds to it, a backend checks a loaded model against it. */
export type GraphContract = {
  readonly inputs: Readonly<Record<string, TensorSpec>>;
  readonly outputs: Readonly<Record<string, TensorSpec>>;
};

/**
 * How the inputs of the next run follow from a run over one new position, if what the graph likes best is taken. Inputs
 * that are not named stay as they were.
 */
export type SuccessorSpec = {
  /** int64 output whose first number is what the graph likes best; negative where it does not know. */
  readonly choice: string;
  /** Which output the next run reads as which input: the output by the input, equal in type and shape. */
  readonly feeds: Readonly<Record<string, string>>;
  /** int32 inputs that count up by one. */
  readonly counts: readonly string[];
  /** The one of `counts` that tells for how many positions the state must have room. */
  readonly length: string;
};

/** A contract together with what one particular graph has besides, as a bundle's manifest holds it. */
export type GraphSignature = GraphContract & {
  /** State tensors. */
  readonly state: readonly StateSpec[];
  /** Null or missing where a next run does not follow from this one alone. */
  readonly successor?: SuccessorSpec | null;
};

/** The tensor that a spec describes. */
export type TensorFor<S extends TensorSpec> = {
  readonly dtype: S['dtype'];
  readonly dims: readonly number[];
  readonly data: DataOf[S['dtype']];
};

/** Tensors by name for a record of specs. */
export type TensorsFor<R extends Readonly<Record<string, TensorSpec>>> = { readonly [K in keyof R]: TensorFor<R[K]> };

/** Any tensors by name. */
export type NamedTensors = Readonly<Record<string, Tensor>>;
