import {
  InvalidArgumentError,
  sameDims,
  type FollowedRun,
  type NamedTensors,
  type SuccessorSpec,
  type Tensor,
} from '@ovis/core';
import type { WorkerCalls } from '../protocol.ts';
import type { GraphSession, RunState } from './graph-session.ts';

/** Milliseconds of runs whose choices are given together: each message costs the processor that computes. */
const PART = 30;

/** Parts that may wait to be taken, a quarter of a second: who has left should not be written for much longer. */
const MOST_WAITING = 8;

/** The thread that wants the runs. */
export type FollowParent = {
  /** Whether it waits for something else. */
  readonly someoneWaits: () => boolean;
  /** Gives it a part of what was chosen. */
  readonly give: (part: readonly FollowedRun[]) => void;
};

/**
 * Makes a run, and those that follow from it while nobody waits for something else and somebody takes what it gives.
 *
 * @returns The last part of what was chosen; all of them are empty when the graph makes no choice.
 */
export async function followRuns(
  graph: GraphSession,
  state: RunState,
  { inputs, runs, until, taken }: WorkerCalls['follow']['request'],
  { someoneWaits, give }: FollowParent,
): Promise<readonly FollowedRun[]> {
  const { successor } = graph;
  if (successor === null) throw new InvalidArgumentError('Runs of this graph do not follow from each other.');
  const first = performance.now();
  const results = await graph.run(inputs, [successor.choice, ...Object.values(successor.feeds)], state);
  const partsTaken = new Int32Array(taken);
  let before = performance.now();
  let choice = choiceOf(successor, results);
  if (choice < 0) return [];
  let part: FollowedRun[] = [{ choice, ms: before - first }];
  if (!isFed(successor, inputs, results)) return part;
  const [odd, even] = alternating(graph, successor, { inputs, results, state });
  const length = inputs[successor.length];
  let given = 0;
  for (let begun = first, run = 1; run < runs && !until.includes(choice); run++) {
    count(successor, inputs);
    if (!(Number(length?.data[0]) <= state.capacity)) return part;
    const takenSoFar = Atomics.load(partsTaken, 0);
    if (someoneWaits() || takenSoFar < 0 || given - takenSoFar >= MOST_WAITING) return part;
    if (before - begun >= PART) {
      give(part);
      given++;
      part = [];
      begun = before;
    }
    await (run % 2 === 1 ? odd : even)();
    const now = performance.now();
    choice = choiceOf(successor, results);
    if (choice < 0) return part;
    part.push({ choice, ms: now - before });
    before = now;
  }
  return part;
}

/**
 * Two runs that feed each other: one reads what the other has written, into tensors that are made once. What a first run
 * over `inputs` gave is read by the first of them. Inputs that count are the same tensors in both.
 */
function alternating(
  graph: GraphSession,
  { choice, feeds }: SuccessorSpec,
  {
    inputs,
    results,
    state,
  }: { readonly inputs: NamedTensors; readonly results: NamedTensors; readonly state: RunState },
): readonly [() => Promise<void>, () => Promise<void>] {
  const pairs = Object.entries(feeds);
  const chosen = { [choice]: tensorOf(results, choice) };
  const given = Object.fromEntries(pairs.map(([input, output]) => [input, tensorOf(results, output)]));
  const returned = Object.fromEntries(pairs.map(([input, output]) => [output, tensorOf(inputs, input)]));
  const odd = graph.prepare({ ...inputs, ...given }, { ...chosen, ...returned }, state);
  const even = graph.prepare(inputs, results, state);
  return [odd, even];
}

/** Whether outputs fit the inputs that they become, which they do after a run over one position. */
function isFed({ feeds }: SuccessorSpec, inputs: NamedTensors, results: NamedTensors): boolean {
  return Object.entries(feeds).every(([input, output]) => {
    const [read, written] = [tensorOf(inputs, input), tensorOf(results, output)];
    return read.dtype === written.dtype && sameDims(read.dims, written.dims);
  });
}

/** Makes the inputs that count those of the next run. */
function count({ counts }: SuccessorSpec, inputs: NamedTensors): void {
  for (const name of counts) {
    const { data } = tensorOf(inputs, name);
    if (data instanceof Int32Array) data[0] = (data[0] ?? 0) + 1;
  }
}

function choiceOf({ choice }: SuccessorSpec, results: NamedTensors): number {
  return Number(tensorOf(results, choice).data[0] ?? -1);
}

function tensorOf(tensors: NamedTensors, name: string): Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new InvalidArgumentError(`The graph has no tensor ${name}.`);
  return tensor;
}
