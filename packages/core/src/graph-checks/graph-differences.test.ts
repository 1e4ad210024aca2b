import { describe, expect, test } from 'vitest';
import type { GraphContract, GraphSignature } from '../graph-contract.ts';
import { graphDifferences, type LoadedGraph } from './graph-differences.ts';

const contract = {
  inputs: { x: { dtype: 'float32', shape: ['S', 'D'] } },
  outputs: { y: { dtype: 'float32', shape: ['S'] } },
} as const satisfies GraphContract;
const signature: GraphSignature = {
  inputs: { x: { dtype: 'float32', shape: ['S', 8] } },
  outputs: contract.outputs,
  state: [{ input: 'past', output: 'present', dtype: 'float32', shape: [1, 'T', 8], growingAxis: 1 }],
};
const graph: LoadedGraph = {
  inputs: [
    { name: 'x', dtype: 'float32', shape: ['S', 8] },
    { name: 'past', dtype: 'float32', shape: [1, 'past', 8] },
  ],
  outputs: [
    { name: 'marker', dtype: null, shape: null },
    { name: 'y', dtype: 'float32', shape: ['S'] },
    { name: 'present', dtype: 'float32', shape: [1, 'T', 8] },
  ],
};

describe('graphDifferences', () => {
  test('is empty when contract, manifest and graph agree', () => {
    expect(graphDifferences(contract, signature, graph)).toEqual([]);
  });

  test('lists everything that is missing or different in the graph', () => {
    const broken: LoadedGraph = {
      inputs: [
        { name: 'x', dtype: 'float16', shape: ['S', 8] },
        { name: 'mask', dtype: 'bool', shape: [1] },
      ],
      outputs: [{ name: 'y', dtype: null, shape: null }],
    };
    expect(graphDifferences(contract, signature, broken)).toEqual([
      'input x of the graph is float16 [S, 8], expected float32 [S, 8]',
      'the graph lacks input past',
      'output y of the graph is no tensor, expected float32 [S]',
      'the graph lacks output present',
      'the graph has an input mask that nobody would feed',
    ]);
  });

  test('wants what is appended to a state as an output, of any length', () => {
    const state = signature.state.map((spec) => ({ ...spec, appended: { output: 'rows', length: 'x' } }));
    const appending: GraphSignature = { ...signature, state };
    expect(graphDifferences(contract, appending, graph)).toEqual(['the graph lacks output rows']);
    const withRows = (shape: (number | string)[]) => ({
      ...graph,
      outputs: [...graph.outputs, { name: 'rows', dtype: 'float32', shape }],
    });
    expect(graphDifferences(contract, appending, withRows([1, 'S', 8]))).toEqual([]);
    expect(graphDifferences(contract, appending, withRows([1, 'S', 9]))).toHaveLength(1);
  });

  test('sees a number that differs and a rank that differs', () => {
    const inputs: LoadedGraph['inputs'] = [
      { name: 'x', dtype: 'float32', shape: ['S', 9] },
      { name: 'past', dtype: 'float32', shape: [1, 8] },
    ];
    expect(graphDifferences(contract, signature, { ...graph, inputs })).toEqual([
      'input x of the graph is float32 [S, 9], expected float32 [S, 8]',
      'input past of the graph is float32 [1, 8], expected float32 [1, T, 8]',
    ]);
  });

  test('compares the manifest with the contract', () => {
    const manifest: GraphSignature = { inputs: { z: { dtype: 'bool', shape: [] } }, outputs: {}, state: [] };
    expect(
      graphDifferences(contract, manifest, { inputs: [{ name: 'z', dtype: 'bool', shape: [] }], outputs: [] }),
    ).toEqual([
      'the manifest lacks input x',
      'the manifest lacks output y',
      'the manifest has an input z that nobody would feed',
    ]);
  });

  test('lists what a successor names and the signature does not have so', () => {
    const spec = (dtype: 'int64' | 'int32' | 'float32', shape: readonly (number | string)[]) =>
      ({ dtype, shape }) as const;
    const following: GraphSignature = {
      inputs: { x: spec('float32', [1, 'S']), length: spec('int32', [1]), wide: spec('int64', [1]) },
      outputs: { ids: spec('int64', [1]), next: spec('float32', [1, 'S']) },
      state: [],
      successor: { choice: 'ids', feeds: { x: 'next' }, counts: ['length'], length: 'length' },
    };
    const named = (specs: GraphSignature['inputs']) =>
      Object.entries(specs).map(([name, value]) => ({ name, ...value }));
    const loaded = { inputs: named(following.inputs), outputs: named(following.outputs) };
    expect(graphDifferences(following, following, loaded)).toEqual([]);
    const wrong = { choice: 'next', feeds: { x: 'ids', y: 'next' }, counts: ['wide'], length: 'toString' };
    const problems = graphDifferences(following, { ...following, successor: wrong }, loaded).join('; ');
    expect(problems).toMatch(
      /choice next .*output ids as input x .*output next as input y .*count wide .*count toString .*length toString /u,
    );
  });
});
