// Stages of Qwen3-Next inside the decoder: what comes out of each layer, and what a sequence is remembered by.
import type { InferenceSession } from 'onnxruntime-node';
import { Tensor } from 'onnxruntime-node';
import type { GraphSignature } from '@ovis/core';
import { fixtureCases, integersOf } from '@ovis/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { GraphBuilder } from '../src/graph/graph-builder.ts';
import { Scope } from '../src/graph/scope.ts';
import { rotaryTables } from '../src/layers/rotary-tables.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { languageModelOf } from '../src/models/language-model.ts';
import { largestDifference } from './compare.ts';
import { DecoderRunner, type OpenDecoder } from './decoder-runner.ts';
import { floatsOf } from './floats-of.ts';
import { languageOf, weightsOf } from './language-fixtures.ts';
import { all } from './one-dtype.ts';
import { openDecoder } from './open-decoder.ts';
import { openGraph } from './open-graph.ts';

const model = 'ovis2.6-next-tiny';
const language = languageOf(model);
const weights = weightsOf(model);
const lowering = createLowering('cpu', all('f32'));
const cases = fixtureCases(model).filter(({ tensors }) => tensors.has('layer_outputs'));

describe.each(cases)('$name', ({ tensors }) => {
  const prompt = floatsOf(tensors.get('inputs_embeds'));
  const length = prompt.length / language.hiddenSize;

  test('leaves each layer as the official code has it', async () => {
    const { session, signature } = await layersAlone();
    const states = signature.state.map(({ input, shape, growingAxis }) => {
      const dims = shape.map((dim, axis) => (axis === growingAxis ? length : Number(dim)));
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [input, new Tensor('float32', new Float32Array(size), dims)] as const;
    });
    const outputs = await session.run({
      ...Object.fromEntries(states),
      x: new Tensor('float32', prompt, [1, length, language.hiddenSize]),
      last: new Tensor('int32', Int32Array.of(length - 1), [1]),
      total: new Tensor('int32', Int32Array.of(length), [1]),
    });
    const golden = floatsOf(tensors.get('layer_outputs'));
    for (let layer = 0; layer < language.layers; layer++) {
      const expected = golden.subarray(layer * prompt.length, (layer + 1) * prompt.length);
      expect(largestDifference(floatsOf(outputs[`layer_${layer}`]), expected)).toBeLessThan(3e-3);
    }
  });

  describe('remembers a sequence as the official code does', () => {
    let decoder: OpenDecoder;
    beforeAll(async () => {
      decoder = await openDecoder(language, lowering, weights);
    });

    test('after the prompt, read at once or in pieces', async () => {
      for (const piece of [length, 5, 1]) {
        const sequence = new DecoderRunner(decoder, language, length);
        for (let start = 0; start < length; start += piece) {
          await sequence.run(rows(prompt, start, Math.min(start + piece, length)), [0]);
        }
        expectStates(sequence.state, 'prefill', length);
      }
    });

    test('after 23 tokens of the answer', async () => {
      const table = floatsOf(weights.get('llm.model.embed_tokens.weight'));
      const sequence = new DecoderRunner(decoder, language, length + 23);
      await sequence.run(prompt, [0]);
      for (const id of integersOf(tensors.get('greedy_ids')).slice(0, 23)) {
        await sequence.run(rows(table, id, id + 1), [0]);
      }
      expectStates(sequence.state, 'decoded', length + 23);
    });
  });

  function expectStates(state: Readonly<Record<string, Tensor>>, moment: string, positions: number): void {
    language.layerKinds.forEach((kind, layer) => {
      const golden = (name: string) => floatsOf(tensors.get(`${moment}.${layer}.${name}`));
      const ours = (name: string) => floatsOf(state[`past.${layer}.${name}`]);
      if (kind === 'linear') {
        expect(largestDifference(ours('memory'), golden('recurrent_state'))).toBeLessThan(5e-4);
        // The reference keeps one column more than the convolution reads.
        const columns = golden('conv_state').filter((_, index) => index % 4 !== 0);
        expect(largestDifference(ours('convolution'), columns)).toBeLessThan(5e-4);
      } else {
        for (const name of ['key', 'value']) {
          const expected = golden(name);
          expect(expected.length).toBe(language.keyValueHeads * positions * language.headSize);
          expect(largestDifference(ours(name), expected)).toBeLessThan(3e-3);
        }
      }
    });
  }
});

function rows(values: Float32Array, start: number, end: number): Float32Array {
  return values.slice(start * language.hiddenSize, end * language.hiddenSize);
}

/** All layers, without norm and head, each one's result an output. */
async function layersAlone(): Promise<{ readonly session: InferenceSession; readonly signature: GraphSignature }> {
  const g = new GraphBuilder('layers', lowering);
  const scope = new Scope('decoder', ['llm', 'model']);
  const start = g.input('x', { dtype: 'float32', shape: [1, 'S', language.hiddenSize] });
  const lastPosition = g.input('last', { dtype: 'int32', shape: [1] });
  const totalLength = g.input('total', { dtype: 'int32', shape: [1] });
  const rotary = rotaryTables(g, scope.child('rotary'), {
    rotarySize: language.rotarySize,
    positions: language.contextLength,
    theta: language.ropeTheta,
    scaling: language.ropeScaling,
  });
  let x = start;
  for (let index = 0; index < language.layers; index++) {
    x = languageModelOf(language).layer(g, x, scope.child('layers', index), {
      index,
      config: language,
      rotary,
      lastPosition,
      totalLength,
      state: (part, spec) => {
        const named = { ...spec, input: `past.${index}.${part}`, output: `present.${index}.${part}` };
        return { past: g.stateInput(named), keep: (present) => g.stateOutput(named, present) };
      },
    });
    g.output(`layer_${index}`, x, x);
  }
  const graph = g.build();
  return { session: await openGraph(graph, weights), signature: graph.signature };
}
