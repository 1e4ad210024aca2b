import { fixturePath, readSafetensors } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import { checkpointFiles } from '../../test/checkpoint-files.ts';
import { expectedTensors } from '../../test/expected-tensors.ts';
import { all } from '../../test/one-dtype.ts';
import { ovis25Tiny, ovis2Tiny } from '../../test/tiny-configs.ts';
import { readCheckpointConfig } from '../checkpoint/read-checkpoint-config.ts';
import { buildDecoderGraph } from '../graphs/decoder.ts';
import { buildVisualTokenizerGraph } from '../graphs/visual-tokenizer.ts';
import { createLowering } from '../lowering/lowering.ts';
import { unusedTensors } from './unused-tensors.ts';

/** What the host reads by itself. */
const tables = new Set([
  'llm.model.embed_tokens.weight',
  'vte.weight',
  'visual_tokenizer.vit.vision_model.embeddings.position_embedding.weight',
]);

const configOf = (model: string) => readCheckpointConfig(checkpointFiles(model));

describe.each([
  { model: 'ovis1.0-tiny', config: configOf('ovis1.0-tiny'), unused: 2 },
  { model: 'ovis1.5-tiny', config: configOf('ovis1.5-tiny'), unused: 13 },
  { model: 'ovis1.6-llama3-tiny', config: configOf('ovis1.6-llama3-tiny'), unused: 13 },
  { model: 'ovis2-tiny', config: ovis2Tiny, unused: 2 },
  { model: 'ovis2.5-tiny', config: ovis25Tiny, unused: 2 },
  { model: 'ovis2.6-moe-tiny', config: configOf('ovis2.6-moe-tiny'), unused: 0 },
  { model: 'ovis2.6-next-tiny', config: configOf('ovis2.6-next-tiny'), unused: 0 },
])('$model', ({ model, config, unused }) => {
  const stored = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const lowering = createLowering('cpu', all('f32'));
  const asked = new Map([
    ...expectedTensors(buildDecoderGraph(config, lowering)),
    ...expectedTensors(buildVisualTokenizerGraph(config, lowering, { intermediates: false })),
  ]);

  test('every tensor that a graph asks for is stored, in that shape', () => {
    for (const [name, shape] of asked) expect([name, stored.get(name)?.shape]).toEqual([name, shape]);
  });

  test('every other tensor is a table or unused for a reason', () => {
    const rest = [...stored.keys()].filter((name) => !asked.has(name) && !tables.has(name));
    const reasons = rest.map((name) => unusedTensors(config).find(({ pattern }) => pattern.test(name))?.reason);
    expect(reasons.filter((reason) => reason !== undefined)).toHaveLength(rest.length);
    expect(rest).toHaveLength(unused);
  });

  test('nothing that a graph asks for counts as unused', () => {
    for (const { pattern } of unusedTensors(config)) {
      expect([...asked.keys()].filter((name) => pattern.test(name))).toEqual([]);
    }
  });
});

test('a prediction head for several tokens ahead is unused, in Qwen3-Next only', () => {
  const reasonOf = (model: string) =>
    unusedTensors(configOf(model)).find(({ pattern }) => pattern.test('llm.mtp.layers.0.mlp.gate.weight'))?.reason;
  expect(reasonOf('ovis2.6-next-tiny')).toMatch(/several tokens ahead/);
  expect(reasonOf('ovis2.6-moe-tiny')).toBeUndefined();
});
