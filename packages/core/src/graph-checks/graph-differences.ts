import type { GraphContract, GraphSignature, StateSpec, TensorSpec } from '../graph-contract.ts';

/** One input or output as a runtime reports it. */
export type LoadedValue = {
  readonly name: string;
  /** Element type in the runtime's words, or null for something that is no tensor. */
  readonly dtype: string | null;
  /** Null where the runtime does not know it. */
  readonly shape: readonly (number | string)[] | null;
};

/** What a runtime reports about a graph it has loaded. */
export type LoadedGraph = { readonly inputs: readonly LoadedValue[]; readonly outputs: readonly LoadedValue[] };

/**
 * Every difference between what a caller relies on (`contract`), what the manifest says (`signature`) and
 * what was loaded (`graph`), one clause each; empty when all agree. A graph may have more outputs than its
 * signature, and a signature more than the contract; an input too many could never be fed.
 */
export function graphDifferences(contract: GraphContract, signature: GraphSignature, graph: LoadedGraph): string[] {
  const inputs = { ...signature.inputs, ...Object.fromEntries(signature.state.map((spec) => [spec.input, spec])) };
  const outputs = { ...signature.outputs, ...Object.fromEntries(signature.state.flatMap(stateOutputs)) };
  return [
    ...differences('the manifest', 'input', contract.inputs, valuesOf(signature.inputs)),
    ...differences('the manifest', 'output', contract.outputs, valuesOf(signature.outputs)),
    ...surplus('the manifest', contract.inputs, valuesOf(signature.inputs)),
    ...successorDifferences(signature),
    ...differences('the graph', 'input', inputs, graph.inputs),
    ...differences('the graph', 'output', outputs, graph.outputs),
    ...surplus('the graph', inputs, graph.inputs),
  ];
}

/** What a signature's successor names without having it. */
function successorDifferences({ inputs, outputs, successor }: GraphSignature): string[] {
  if (!successor) return [];
  const { choice, feeds, counts, length } = successor;
  const wrong = [
    ...(dtypeOf(outputs, choice) === 'int64' ? [] : [`choice ${choice}`]),
    ...Object.entries(feeds)
      .filter(([to, from]) => dtypeOf(inputs, to) === undefined || dtypeOf(inputs, to) !== dtypeOf(outputs, from))
      .map(([to, from]) => `output ${from} as input ${to}`),
    ...[...counts, length].filter((name) => dtypeOf(inputs, name) !== 'int32').map((name) => `count ${name}`),
    ...(counts.includes(length) ? [] : [`length ${length}`]),
  ];
  return wrong.map((what) => `the successor in the manifest has a ${what} that the graph does not have so`);
}

function dtypeOf(specs: Specs, name: string): string | undefined {
  return Object.hasOwn(specs, name) ? specs[name]?.dtype : undefined;
}

/** The outputs of a state by name. */
function stateOutputs(spec: StateSpec): [string, TensorSpec][] {
  const { output, appended, dtype, shape, growingAxis } = spec;
  if (!appended) return [[output, spec]];
  const rows = { dtype, shape: shape.map((dim, axis) => (axis === growingAxis ? 'S' : dim)) };
  return [
    [output, spec],
    [appended.output, rows],
  ];
}

type Specs = Readonly<Record<string, TensorSpec>>;

function valuesOf(specs: Specs): LoadedValue[] {
  return Object.entries(specs).map(([name, { dtype, shape }]) => ({ name, dtype, shape }));
}

function differences(place: string, kind: string, expected: Specs, found: readonly LoadedValue[]): string[] {
  const byName = new Map(found.map((value) => [value.name, value]));
  return Object.entries(expected).flatMap(([name, spec]) => {
    const value = byName.get(name);
    if (value === undefined) return [`${place} lacks ${kind} ${name}`];
    if (fits(spec, value)) return [];
    return [`${kind} ${name} of ${place} is ${describe(value)}, expected ${describe({ name, ...spec })}`];
  });
}

function surplus(place: string, expected: Specs, found: readonly LoadedValue[]): string[] {
  return found
    .filter(({ name }) => !Object.hasOwn(expected, name))
    .map(({ name }) => `${place} has an input ${name} that nobody would feed`);
}

/** Same type and rank, and the same number wherever both sides give a number. */
function fits(spec: TensorSpec, { dtype, shape }: LoadedValue): boolean {
  if (spec.dtype !== dtype) return false;
  if (shape === null) return true;
  return (
    shape.length === spec.shape.length &&
    spec.shape.every((dim, axis) => typeof dim !== 'number' || typeof shape[axis] !== 'number' || dim === shape[axis])
  );
}

function describe({ dtype, shape }: LoadedValue): string {
  if (dtype === null) return 'no tensor';
  return shape === null ? dtype : `${dtype} [${shape.join(', ')}]`;
}
