import type { InferenceSession } from 'onnxruntime-node';
import { fixtureCases, fixturePath, readSafetensors, type StoredTensor } from '@ovis/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { detectGeneration } from '../src/checkpoint/detect-generation.ts';
import { parseVisionConfig } from '../src/checkpoint/parse-vision-config.ts';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { checkpointFiles } from './checkpoint-files.ts';
import { largestDifference } from './compare.ts';
import { floatsOf } from './floats-of.ts';
import { all } from './one-dtype.ts';
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
  { model: 'ovis1.0-tiny', cases: 4 },
  { model: 'ovis1.5-tiny', cases: 4 },
  { model: 'ovis1.5-adaptive-tiny', cases: 4 },
  { model: 'ovis1.6-gemma2-tiny', cases: 8 },
  { model: 'ovis1.6-llama3-tiny', cases: 7 },
  { model: 'ovis2-tiny', cases: 10 },
  { model: 'ovis2.5-tiny', cases: 10 },
] as const;

describe.each(models)('$model', ({ model, cases: expectedCases }) => {
  let session: InferenceSession;
  const files = checkpointFiles(model);
  const { vision } = parseVisionConfig(detectGeneration(files.config, files.shapeOf), files.config, files.shapeOf);
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const cases = fixtureCases(model).filter(({ tensors }) => tensors.has('pixel_values'));

  beforeAll(async () => {
    const sizes = { vision, language: { hiddenSize: Number(files.config['hidden_size']) } };
    const graph = buildVisualTokenizerGraph(sizes, createLowering('cpu', all('f32')), { intermediates: true });
    session = await openGraph(graph, weights);
  });

  test('has cases with pictures', () => {
    expect(cases.length).toBeGreaterThanOrEqual(expectedCases);
  });

  test.each(cases)('computes the stages of $name as the official code does', async ({ tensors }) => {
    const results = await runAll(session, visionFeeds(vision, weights, tensors));
    for (const { stage, output, tolerance } of stages) {
      const golden = tensors.get(stage);
      if (!golden) continue; // bulky stages are left out of some cases
      const wanted = stage === 'visual_embeds' ? withoutIndicators(golden, vision.indicators) : golden.data;
      const difference = largestDifference(joined(results, output), wanted);
      expect({ stage, difference: difference < tolerance ? 'none' : difference }).toEqual({
        stage,
        difference: 'none',
      });
    }
  });

  test.each(cases)('reports words and entropy that belong to the distributions of $name', async ({ tensors }) => {
    for (const result of await runAll(session, visionFeeds(vision, weights, tensors))) {
      const probabilities = floatsOf(result['visual_probs']);
      const width = vision.visualVocabularySize;
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

/** Models of one view have the begin and end indicators around each picture's embeddings, `[N, k + 2, D]`. */
function withoutIndicators({ data, shape }: StoredTensor, indicators: number): ArrayLike<unknown> {
  const [pictures = 0, rows = 0, width = 0] = shape;
  if (indicators !== 2) return data;
  return Array.from({ length: pictures }, (_, picture) =>
    Array.from(data.subarray((picture * rows + 1) * width, ((picture + 1) * rows - 1) * width), Number),
  ).flat();
}
