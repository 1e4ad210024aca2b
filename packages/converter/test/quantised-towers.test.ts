import type { WeightDtype } from '@ovis/core';
import { fixtureCases, fixturePath, readSafetensors } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { detectGeneration } from '../src/checkpoint/detect-generation.ts';
import { parseVisionConfig } from '../src/checkpoint/parse-vision-config.ts';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import type { TargetDevice } from '../src/lowering/capabilities.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { checkpointFiles } from './checkpoint-files.ts';
import { relativeError } from './compare.ts';
import { floatsOf } from './floats-of.ts';
import { all } from './one-dtype.ts';
import { openGraph } from './open-graph.ts';
import { joined, runAll, visionFeeds } from './vision-cases.ts';

const forms: readonly { readonly device: TargetDevice; readonly dtype: WeightDtype; readonly tolerance: number }[] = [
  { device: 'cpu', dtype: 'f16', tolerance: 0.01 },
  { device: 'cpu', dtype: 'int8', tolerance: 0.2 },
  { device: 'webgpu', dtype: 'f32', tolerance: 1e-4 },
  { device: 'webgpu', dtype: 'int8', tolerance: 0.2 },
];

describe.each(['ovis1.0-tiny', 'ovis1.5-adaptive-tiny', 'ovis1.6-gemma2-tiny'])('the tower of %s', (model) => {
  const files = checkpointFiles(model);
  const { vision } = parseVisionConfig(detectGeneration(files.config, files.shapeOf), files.config, files.shapeOf);
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const tensors = fixtureCases(model).find(({ name }) => name === 'two-images')?.tensors ?? new Map<string, never>();

  test.each(forms)('stays near the reference in $dtype for $device', async ({ device, dtype, tolerance }) => {
    const sizes = { vision, language: { hiddenSize: Number(files.config['hidden_size']) } };
    const graph = buildVisualTokenizerGraph(sizes, createLowering(device, all(dtype)), { intermediates: true });
    const session = await openGraph(graph, weights);
    const results = await runAll(session, visionFeeds(vision, weights, tensors));
    for (const stage of ['vit_features', 'head_input', 'visual_probs']) {
      expect(relativeError(joined(results, stage), floatsOf(tensors.get(stage)))).toBeLessThan(tolerance);
    }
  });
});
