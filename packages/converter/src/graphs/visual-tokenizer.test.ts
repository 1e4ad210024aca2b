import { ModelFileError, nativeVisualTokenizerContract, tiledVisualTokenizerContract } from '@ovis/core';
import { Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { expectedTensors } from '../../test/expected-tensors.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { all } from '../../test/one-dtype.ts';
import { openGraph } from '../../test/open-graph.ts';
import { noise, noisyWeight } from '../../test/run-layer.ts';
import { ovis25Tiny, ovis2Tiny } from '../../test/tiny-configs.ts';
import type { ModelConfig, VisionConfig } from '../checkpoint/checkpoint-config.ts';
import { createLowering } from '../lowering/lowering.ts';
import { buildVisualTokenizerGraph } from './visual-tokenizer.ts';

function build(config: ModelConfig, intermediates = false) {
  return buildVisualTokenizerGraph(config, createLowering('cpu', all('f32')), { intermediates });
}

/** A session whose weights are noise. */
function openNoisy(config: ModelConfig) {
  const graph = build(config, true);
  const weights = [...expectedTensors(graph)].map(([name, shape], seed) => [name, noisyWeight(shape, seed)] as const);
  return openGraph(graph, new Map(weights));
}

const withVision = (config: ModelConfig, changes: Partial<VisionConfig>): ModelConfig => ({
  ...config,
  vision: { ...config.vision, ...changes },
});

describe('the visual tokenizer graph', () => {
  test('has the inputs and outputs of the contract for tiles, with the sizes of the model', () => {
    const { inputs, outputs } = build(ovis2Tiny).signature;
    expect(Object.keys(inputs)).toEqual(Object.keys(tiledVisualTokenizerContract.inputs));
    expect(Object.keys(outputs)).toEqual(Object.keys(tiledVisualTokenizerContract.outputs));
    expect(inputs['patches']?.shape).toEqual(['B', 16, 588]);
    expect(outputs['visual_embeddings']?.shape).toEqual(['V', 64]);
    expect(outputs['top_words']?.shape).toEqual(['V', 8]);
  });

  test('has those of the contract for native resolution', () => {
    const { inputs, outputs } = build(ovis25Tiny, true).signature;
    expect(Object.keys(inputs)).toEqual(Object.keys(nativeVisualTokenizerContract.inputs));
    expect(inputs['positions']?.shape).toEqual(['P', 48]);
    expect(inputs['cosines']?.shape).toEqual(['P', 8]);
    expect(outputs['visual_probs']?.shape).toEqual(['V', 216]);
  });

  test('computes distributions in chunks where a view has many, or any number of them', () => {
    const isChunked = (config: ModelConfig): boolean => {
      const bytes = build(config).serialise(() => ({ file: 'weights', offset: 0, length: 0 }));
      return Buffer.from(bytes).includes('Scan');
    };
    const released = { gridSide: 32, mergeStride: 2, visualVocabularySize: 65_531 };
    expect(isChunked(withVision(ovis2Tiny, released))).toBe(false);
    expect(isChunked(withVision(ovis2Tiny, { ...released, visualVocabularySize: 131_067 }))).toBe(true);
    expect(isChunked(ovis2Tiny)).toBe(false);
    expect(isChunked(ovis25Tiny)).toBe(true);
  });

  test('reports no more words than there are', () => {
    const { outputs } = build(withVision(ovis2Tiny, { visualVocabularySize: 5 })).signature;
    expect(outputs['top_probabilities']?.shape).toEqual(['V', 5]);
  });

  test.each([
    { learnedPositions: false, rotaryPositions: true, changed: 'cosines' },
    { learnedPositions: true, rotaryPositions: false, changed: 'positions' },
  ])('takes inputs that a model without them ignores (%o)', async ({ changed, ...changes }) => {
    const session = await openNoisy(withVision(ovis25Tiny, changes));
    const feeds: Record<string, Tensor> = {
      patches: new Tensor('float32', noise(4 * 768, 1), [1, 4, 768]),
      positions: new Tensor('float32', noise(4 * 48, 2), [4, 48]),
      cosines: new Tensor('float32', noise(4 * 8, 3), [4, 8]),
      sines: new Tensor('float32', noise(4 * 8, 4), [4, 8]),
    };
    const first = floatsOf((await session.run(feeds))['vit_features']);
    const other = changed === 'cosines' ? 'positions' : 'cosines';
    feeds[other] = new Tensor('float32', noise(floatsOf(feeds[other]).length, 9), feeds[other]?.dims ?? []);
    expect(floatsOf((await session.run(feeds))['vit_features'])).toEqual(first);
    feeds[changed] = new Tensor('float32', noise(floatsOf(feeds[changed]).length, 9), feeds[changed]?.dims ?? []);
    expect(floatsOf((await session.run(feeds))['vit_features'])).not.toEqual(first);
  });

  test('pads views whose side the stride does not divide', async () => {
    const session = await openNoisy(withVision(ovis2Tiny, { gridSide: 3 }));
    const results = await session.run({ patches: new Tensor('float32', noise(2 * 9 * 588, 1), [2, 9, 588]) });
    expect(results['visual_embeddings']?.dims).toEqual([8, 64]);
    const { data } = results['head_input'] ?? {};
    expect(
      floatsOf({ data })
        .slice(192 + 48, 192 + 96)
        .every((value) => value === 0),
    ).toBe(true); // right of token (0, 1)
  });

  test('reads the biases that some AIMv2 configs have', () => {
    const tensors = expectedTensors(build(withVision(ovis2Tiny, { queryKeyValueBias: true, linearBias: true })));
    const block = 'visual_tokenizer.backbone.trunk.blocks.0';
    expect(tensors.get(`${block}.attn.qkv.bias`)).toEqual([144]);
    for (const layer of ['attn.proj', 'mlp.fc1', 'mlp.fc2', 'mlp.fc3']) {
      expect(tensors.has(`${block}.${layer}.bias`)).toBe(true);
    }
  });

  test('is not made for towers that nobody taught it', () => {
    expect(() => build(withVision(ovis2Tiny, { modelType: 'vit_g' }))).toThrow(ModelFileError);
  });
});
