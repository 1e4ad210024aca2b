import {
  asyncDispose,
  DisposedError,
  float32Tensor,
  GraphContractError,
  int32Tensor,
  int64Tensor,
  InvalidArgumentError,
  ModelFileError,
  ShapeMismatchError,
  type Backend,
  type GraphContract,
  type GraphSignature,
  type GraphSource,
  type Session,
  type SessionState,
} from '@ovis/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectClose } from '../matchers/expect-close.ts';
import { attentionOver } from './attention-over.ts';
import {
  affineGraph,
  appendingGraph,
  attentionGraph,
  copyGraph,
  followingGraph,
  sumGraph,
  type SuiteGraph,
} from './suite-graphs.ts';

/** A state that is an output as a whole, and one whose new rows are an output of their own. */
const attentionGraphs = [
  ['whole', attentionGraph],
  ['appended', appendingGraph],
] as const;

/**
 * What every backend must do, as tests. `open` makes a backend that can run the graphs of the suite (a
 * fake one is given `suiteGraphs`); it is called several times and every backend is disposed. `follows` tells whether it makes
 * runs that follow from each other.
 */
export function describeBackend(
  name: string,
  open: () => Promise<Backend>,
  { follows = false }: { readonly follows?: boolean } = {},
): void {
  describe(`backend: ${name}`, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(async () => {
      await backend[asyncDispose]();
    });

    describe('runs', () => {
      test('returns what the graph computes, also for other lengths', async () => {
        await using session = await openGraph(backend, affineGraph);
        const one = await session.run({ x: float32Tensor(Float32Array.of(1, -2), [1, 2]) });
        expect([one.doubled.dims, [...one.doubled.data], [...one.shifted.data]]).toEqual([
          [1, 2],
          [2, -4],
          [2, -1],
        ]);
        const two = await session.run({ x: float32Tensor(Float32Array.of(1, 2, 3, 4), [2, 2]) });
        expect([two.doubled.dims, [...two.doubled.data]]).toEqual([
          [2, 2],
          [2, 4, 6, 8],
        ]);
      });

      test('returns only the outputs that were asked for', async () => {
        await using session = await openGraph(backend, affineGraph);
        const results = await session.run(
          { x: float32Tensor(Float32Array.of(1, 2), [1, 2]) },
          { outputs: ['shifted'] },
        );
        expect(Object.keys(results)).toEqual(['shifted']);
        expect([...results.shifted.data]).toEqual([2, 3]);
      });

      test('leaves the inputs as they were, also a view into a larger array', async () => {
        await using session = await openGraph(backend, affineGraph);
        const all = Float32Array.of(9, 1, 2, 9);
        const x = float32Tensor(all.subarray(1, 3), [1, 2]);
        const results = await session.run({ x });
        expect([[...results.doubled.data], [...all], x.data.byteLength]).toEqual([[2, 4], [9, 1, 2, 9], 8]);
      });

      test('takes a length of zero', async () => {
        await using session = await openGraph(backend, affineGraph);
        const results = await session.run({ x: float32Tensor(new Float32Array(), [0, 2]) });
        expect(results.doubled.dims).toEqual([0, 2]);
      });

      test('carries every element type', async () => {
        await using session = await openGraph(backend, copyGraph);
        const results = await session.run({
          float16: { dtype: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) },
          int64: int64Tensor([-1, 2 ** 52]),
          int32: int32Tensor([-1, 7]),
          uint8: { dtype: 'uint8', dims: [2], data: Uint8Array.of(0, 255) },
          int8: { dtype: 'int8', dims: [2], data: Int8Array.of(-128, 127) },
          bool: { dtype: 'bool', dims: [2], data: Uint8Array.of(0, 1) },
        });
        expect(results.float16_copy.data).toEqual(Uint16Array.of(0x3c00, 0xc000));
        expect(results.int64_copy.data).toEqual(BigInt64Array.of(-1n, 2n ** 52n));
        expect(results.int32_copy.data).toEqual(Int32Array.of(-1, 7));
        expect(results.uint8_copy.data).toEqual(Uint8Array.of(0, 255));
        expect(results.int8_copy.data).toEqual(Int8Array.of(-128, 127));
        expect(results.bool_copy.data).toEqual(Uint8Array.of(0, 1));
      });

      test('keeps runs apart that are started together', async () => {
        await using session = await openGraph(backend, affineGraph);
        const numbers = Array.from({ length: 20 }, (_, index) => index);
        const runs = numbers.map((number) => session.run({ x: float32Tensor(Float32Array.of(number, 0), [1, 2]) }));
        expect((await Promise.all(runs)).map(({ doubled }) => doubled.data[0])).toEqual(numbers.map((n) => 2 * n));
      });

      test('refuses inputs of another shape, type or name', async () => {
        await using session = await openGraph(backend, affineGraph);
        const run = (inputs: object) => session.run(inputs as Parameters<typeof session.run>[0]);
        await expect(run({ x: float32Tensor(new Float32Array(3), [1, 3]) })).rejects.toThrow(ShapeMismatchError);
        await expect(run({ x: int32Tensor([1, 2], [1, 2]) })).rejects.toThrow(ShapeMismatchError);
        await expect(run({})).rejects.toThrow(InvalidArgumentError);
        const x = float32Tensor(new Float32Array(2), [1, 2]);
        await expect(run({ x, z: x })).rejects.toThrow(InvalidArgumentError);
        await expect(session.run({ x }, { outputs: ['none' as 'doubled'] })).rejects.toThrow(InvalidArgumentError);
      });
    });

    describe('graphs', () => {
      test('refuses a graph that differs from its signature and lists the differences', async () => {
        const signature: GraphSignature = {
          inputs: { x: { dtype: 'float32', shape: ['S', 3] } },
          outputs: { doubled: { dtype: 'int64', shape: ['S', 2] }, missing: { dtype: 'float32', shape: [] } },
          state: [{ input: 'past', output: 'present', dtype: 'float32', shape: [1], growingAxis: null }],
        };
        const error: unknown = await backend
          .openSession(sourceOf(affineGraph), { inputs: signature.inputs, outputs: signature.outputs }, signature)
          .catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(GraphContractError);
        expect(String(error)).toMatch(/input x .*input past.*output doubled.*output missing.*output present/su);
      });

      test('refuses a graph that the caller expects to be another', async () => {
        const contract = {
          inputs: {},
          outputs: { y: { dtype: 'float32', shape: ['S'] } },
        } as const satisfies GraphContract;
        const opening = backend.openSession(sourceOf(affineGraph), contract, affineGraph.signature);
        await expect(opening).rejects.toThrow(GraphContractError);
      });

      test('refuses bytes that are no graph', async () => {
        const source: GraphSource = { kind: 'bytes', model: Uint8Array.of(1, 2, 3), externalData: [] };
        await expect(backend.openSession(source, affineGraph.signature, affineGraph.signature)).rejects.toThrow(
          ModelFileError,
        );
      });
    });

    describe('states', () => {
      const rows = Float32Array.from({ length: 600 * 8 }, (_, index) => Math.sin(index * 1.7));

      /** Runs positions `start` to `end` and gives the outputs. */
      async function step(session: AttentionSession, state: SessionState, start: number, end: number) {
        const x = float32Tensor(rows.subarray(start * 8, end * 8), [1, end - start, 8]);
        const lengths = { last_position: int32Tensor([end - 1]), total_length: int32Tensor([end]) };
        return (await session.run({ x, ...lengths }, { state })).y.data;
      }

      test.for(attentionGraphs)('carry a sequence from run to run, in chunks of any size: $0', async ([, graph]) => {
        await using session = await openGraph(backend, graph);
        await using state = await session.createState(7);
        expect(state.capacity).toBeGreaterThanOrEqual(7);
        const outputs = [
          await step(session, state, 0, 3),
          await step(session, state, 3, 4),
          await step(session, state, 4, 7),
        ];
        const expected = Array.from({ length: 7 }, (_, row) => Array.from(attentionOver(rows, row + 1, 8)));
        expectClose(
          outputs.flatMap((output) => Array.from(output)),
          expected.flat(),
          1e-5,
        );
      });

      test.for(attentionGraphs)('grow and keep what they hold: $0', async ([, graph]) => {
        await using session = await openGraph(backend, graph);
        await using state = await session.createState(2);
        await step(session, state, 0, 2);
        await state.reserve(600, 2);
        expect(state.capacity).toBeGreaterThanOrEqual(600);
        const capacity = state.capacity;
        await state.reserve(1, 2);
        expect(state.capacity).toBe(capacity);
        const output = await step(session, state, 2, 600);
        expectClose(output.subarray(-8), attentionOver(rows, 600, 8), 1e-5);
      });

      test.for(attentionGraphs)('may go back and overwrite positions: $0', async ([, graph]) => {
        await using session = await openGraph(backend, graph);
        await using state = await session.createState(8);
        await step(session, state, 0, 8);
        expectClose(await step(session, state, 2, 3), attentionOver(rows, 3, 8), 1e-5);
      });

      test('do not see each other', async () => {
        await using session = await openGraph(backend, attentionGraph);
        await using one = await session.createState(4);
        await using two = await session.createState(4);
        await step(session, one, 0, 4);
        expectClose(await step(session, two, 0, 1), rows.subarray(0, 8), 1e-6);
        expectClose(await step(session, one, 3, 4), attentionOver(rows, 4, 8), 1e-5);
      });

      test('of fixed size are not overwritten while they are read', async () => {
        await using session = await openGraph(backend, sumGraph);
        await using state = await session.createState(1);
        const add = async (value: number) => {
          const x = float32Tensor(new Float32Array(4).fill(value), [1, 4]);
          return (await session.run({ x }, { state })).before.data[0];
        };
        expect([await add(5), await add(-9), await add(2), await add(0)]).toEqual([0, 5, -4, -2]);
      });

      test('may pass from session to session where the states are the same', async () => {
        await using session = await openGraph(backend, attentionGraph);
        await using other = await openGraph(backend, attentionGraph);
        await using state = await session.createState(8);
        await step(session, state, 0, 3);
        expectClose(await step(other, state, 3, 4), attentionOver(rows, 4, 8), 1e-5);
        await state.reserve(600, 4);
        expectClose((await step(other, state, 4, 6)).subarray(-8), attentionOver(rows, 6, 8), 1e-5);
        expectClose(await step(session, state, 6, 7), attentionOver(rows, 7, 8), 1e-5);
        await other[asyncDispose]();
        expectClose(await step(session, state, 7, 8), attentionOver(rows, 8, 8), 1e-5);
      });

      test('end with the session that created them', async () => {
        await using session = await openGraph(backend, attentionGraph);
        const other = await openGraph(backend, attentionGraph);
        const state = await other.createState(4);
        await other[asyncDispose]();
        await expect(step(session, state, 0, 1)).rejects.toThrow(DisposedError);
        await state[asyncDispose]();
      });

      test('are required exactly by graphs that have one, and of the same kind', async () => {
        await using session = await openGraph(backend, attentionGraph);
        await using sum = await openGraph(backend, sumGraph);
        await using affine = await openGraph(backend, affineGraph);
        await using state = await session.createState(4);
        const inputs = {
          x: float32Tensor(new Float32Array(8), [1, 1, 8]),
          last_position: int32Tensor([0]),
          total_length: int32Tensor([1]),
        };
        await expect(session.run(inputs)).rejects.toThrow(InvalidArgumentError);
        const four = float32Tensor(new Float32Array(4), [1, 4]);
        await expect(sum.run({ x: four }, { state })).rejects.toThrow(InvalidArgumentError);
        const x = float32Tensor(new Float32Array(2), [1, 2]);
        await expect(affine.run({ x }, { state: await affine.createState(1) })).rejects.toThrow(InvalidArgumentError);
      });

      test.each([-1, 1.5, Number.NaN])('refuse room for %d positions', async (positions) => {
        await using session = await openGraph(backend, attentionGraph);
        await expect(session.createState(positions)).rejects.toThrow(InvalidArgumentError);
        await using state = await session.createState(1);
        await expect(state.reserve(positions, 0)).rejects.toThrow(InvalidArgumentError);
      });
    });

    test('makes runs that follow from each other where it says so', async () => {
      await using session = await openGraph(backend, followingGraph);
      await using plain = await openGraph(backend, attentionGraph);
      expect([session.follow !== null, plain.follow]).toEqual([follows, null]);
    });

    describe.runIf(follows)('runs that follow from each other', () => {
      const start = Float32Array.from({ length: 8 }, (_, index) => Math.sin(index + 1));

      function inputsAt(position: number, x: Float32Array = start) {
        return {
          x: float32Tensor(x, [1, 1, 8]),
          last_position: int32Tensor([position]),
          total_length: int32Tensor([position + 1]),
        };
      }

      /** The choices of runs that are asked for one by one. */
      async function oneByOne(session: FollowingSession, state: SessionState, count: number): Promise<number[]> {
        const choices: number[] = [];
        for (let x: Float32Array = start; choices.length < count; ) {
          const { choice, next } = await session.run(inputsAt(choices.length, x), { state });
          choices.push(Number(choice.data[0]));
          x = next.data;
        }
        return choices;
      }

      /** The choices of runs that follow. */
      async function following(
        session: FollowingSession,
        state: SessionState,
        { runs = 40, until = [], x = start }: { runs?: number; until?: number[]; x?: Float32Array },
      ): Promise<number[]> {
        const choices: number[] = [];
        for await (const { choice, ms } of session.follow?.(inputsAt(0, x), { state, runs, until }) ?? []) {
          expect(ms).toBeGreaterThanOrEqual(0);
          choices.push(choice);
        }
        return choices;
      }

      test('choose what they choose one by one', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using one = await session.createState(40);
        await using other = await session.createState(40);
        const expected = await oneByOne(session, one, 40);
        expect(new Set(expected).size).toBeGreaterThan(3);
        expect(await following(session, other, {})).toEqual(expected);
        expect(await following(session, other, { runs: 1 })).toEqual(expected.slice(0, 1));
        expect(await following(session, other, { runs: 2 })).toEqual(expected.slice(0, 2));
      });

      test('leave in the state what runs one by one leave', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using plain = await openGraph(backend, attentionGraph);
        await using one = await session.createState(8);
        await using other = await session.createState(8);
        await oneByOne(session, one, 7);
        await following(session, other, { runs: 7 });
        const [left, right] = [
          await plain.run(inputsAt(7), { state: one }),
          await plain.run(inputsAt(7), { state: other }),
        ];
        expect([...right.y.data]).toEqual([...left.y.data]);
      });

      test('end with a choice after which none should follow, and where no choice is made', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using state = await session.createState(40);
        const all = await following(session, state, {});
        const last = all.find((choice) => choice !== all[0]) ?? 0;
        expect(await following(session, state, { until: [last] })).toEqual(all.slice(0, all.indexOf(last) + 1));
        const none = Float32Array.from(start, () => -2000);
        expect(await following(session, state, { x: none })).toEqual([]);
      });

      test('end where the state is full', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using state = await session.createState(5);
        expect(await following(session, state, { runs: 5000 })).toHaveLength(state.capacity);
      });

      test('are as if they had not been made where nobody took them', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using one = await session.createState(40);
        await using other = await session.createState(40);
        const expected = await oneByOne(session, one, 3);
        for await (const { choice } of session.follow?.(inputsAt(0), { state: other, runs: 40, until: [] }) ?? []) {
          expect(choice).toBe(expected[0]);
          break;
        }
        expect(await oneByOne(session, other, 3)).toEqual(expected);
      });

      test('refuse inputs and states as single runs do', async () => {
        await using session = await openGraph(backend, followingGraph);
        await using sum = await openGraph(backend, sumGraph);
        await using state = await session.createState(1);
        await using wrong = await sum.createState(1);
        const short = { ...inputsAt(0), x: float32Tensor(new Float32Array(7), [1, 1, 7]) };
        const take = (inputs: ReturnType<typeof inputsAt>, of: SessionState) =>
          session.follow?.(inputs, { state: of, runs: 2, until: [] }).next();
        await expect(take(short, state)).rejects.toThrow(ShapeMismatchError);
        await expect(take(inputsAt(0), wrong)).rejects.toThrow(InvalidArgumentError);
        await state[asyncDispose]();
        await expect(take(inputsAt(0), state)).rejects.toThrow(DisposedError);
      });
    });

    describe('disposal', () => {
      test('of a session is idempotent and refuses runs', async () => {
        const session = await openGraph(backend, affineGraph);
        await session[asyncDispose]();
        await session[asyncDispose]();
        const x = float32Tensor(new Float32Array(2), [1, 2]);
        await expect(session.run({ x })).rejects.toThrow(DisposedError);
        await expect(session.createState(1)).rejects.toThrow(DisposedError);
      });

      test('of a state is idempotent and refuses its use', async () => {
        await using session = await openGraph(backend, sumGraph);
        const state = await session.createState(1);
        await state[asyncDispose]();
        await state[asyncDispose]();
        const x = float32Tensor(new Float32Array(4), [1, 4]);
        await expect(session.run({ x }, { state })).rejects.toThrow(DisposedError);
        await expect(state.reserve(2, 0)).rejects.toThrow(DisposedError);
      });

      test('of a backend waits for what runs and refuses the rest', async () => {
        const own = await open();
        const session = await openGraph(own, affineGraph);
        const x = float32Tensor(Float32Array.of(1, 2), [1, 2]);
        const running = session.run({ x });
        const first = own[asyncDispose]();
        await own[asyncDispose]();
        await first;
        expect([...(await running).doubled.data]).toEqual([2, 4]);
        await expect(session.run({ x })).rejects.toThrow(DisposedError);
        await expect(openGraph(own, affineGraph)).rejects.toThrow(DisposedError);
        await session[asyncDispose]();
      });
    });
  });
}

type AttentionSession = Session<(typeof attentionGraph)['signature']>;
type FollowingSession = Session<(typeof followingGraph)['signature']>;

function openGraph<S extends GraphSignature>(backend: Backend, graph: SuiteGraph<S>): Promise<Session<S>> {
  return backend.openSession(sourceOf(graph), graph.signature, graph.signature);
}

function sourceOf({ source }: SuiteGraph): GraphSource {
  return { kind: 'bytes', model: source, externalData: [] };
}
