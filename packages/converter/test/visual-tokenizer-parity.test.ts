import type { InferenceSession } from 'onnxruntime-node';
import { fixtureCases, fixturePath, readSafetensors } from '@ovis/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { largestDifference } from './compare.ts';
import { floatsOf } from './floats-of.ts';
import { all } from './one-dtype.ts';
import { ovis25Tiny, ovis2Tiny } from './tiny-configs.ts';
import { joined, runAll, visionFeeds } from './vision-cases.ts';
import { openGraph } from './open-graph.ts';

/** Stages, what the graph calls them, and how far float32 may be off the official code's numbers (fixtures/README.md). */
const stages = [
  { stage: 'vit_features', output: 'vit_features', tolerance: 1e-4 },
  { stage: 'head_input', output: 'head_input', tolerance: 1e-4 },
  { stage: 'visual_logits', output: 'visual_logits', tolerance: 1e-4 },
  { stage: 'visual_probs', output: 'visual_probs', tolerance: 1e-5 },
  { stage: 'visual_embeds', output: 'visual_embeddings', tolerance: 5e-5 },
] as const;

const models = [
  { model: 'ovis2-tiny', config: ovis2Tiny },
  { model: 'ovis2.5-tiny', config: ovis25Tiny },
] as const;

describe.each(models)('$model', ({ model, config }) => {
  let session: InferenceSession;
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const cases = fixtureCases(model).filter(({ tensors }) => tensors.has('pixel_values'));

  beforeAll(async () => {
    const graph = buildVisualTokenizerGraph(config, createLowering('cpu', all('f32')), { intermediates: true });
    session = await openGraph(graph, weights);
  });

  test.each(cases)('computes the stages of $name as the official code does', async ({ tensors }) => {
    const results = await runAll(session, visionFeeds(config.vision, weights, tensors));
    for (const { stage, output, tolerance } of stages) {
      const golden = tensors.get(stage);
      if (!golden) continue; // bulky stages are left out of some cases
      const difference = largestDifference(joined(results, output), golden.data);
      expect({ stage, difference: difference < tolerance ? 'none' : difference }).toEqual({
        stage,
        difference: 'none',
      });
    }
  });

  test.each(cases)('reports words and entropy that belong to the distributions of $name', async ({ tensors }) => {
    for (const result of await runAll(session, visionFeeds(config.vision, weights, tensors))) {
      const probabilities = floatsOf(result['visual_probs']);
      const width = config.vision.visualVocabularySize;
      for (let token = 0; token < probabilities.length / width; token++) {
        const row = Array.from(probabilities.subarray(token * width, (token + 1) * width));
        const best = row.map((_, word) => word).toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0));
        for (let rank = 0; rank < 8; rank++) {
          const word = best[rank] ?? -1;
          expect(Number(result['top_words']?.data[token * 8 + rank])).toBe(word);
          expect(result['top_probabilities']?.data[token * 8 + rank]).toBe(row[word]);
        }
        const entropy = -row.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0);
        expect(Number(result['entropy']?.data[token])).toBeCloseTo(entropy, 4);
      }
    }
  });
});
