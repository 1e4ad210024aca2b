import type { WeightDtype } from '@ovis/core';
import { fixtureCases, fixturePath, readSafetensors } from '@ovis/testing';
import { describe, expect, test } from 'vitest';
import type { ModelConfig } from '../src/checkpoint/checkpoint-config.ts';
import type { BuiltGraph } from '../src/graph/built-graph.ts';
import { buildDecoderGraph } from '../src/graphs/decoder.ts';
import { buildVisualTokenizerGraph } from '../src/graphs/visual-tokenizer.ts';
import type { TargetDevice } from '../src/lowering/capabilities.ts';
import { createLowering, type Lowering } from '../src/lowering/lowering.ts';
import { relativeError } from './compare.ts';
import { floatsOf } from './floats-of.ts';
import { DecoderRunner } from './decoder-runner.ts';
import { answeredCases, languageOf, weightsOf } from './language-fixtures.ts';
import { all } from './one-dtype.ts';
import { ovis25Tiny, ovis2Tiny } from './tiny-configs.ts';
import { openDecoder } from './open-decoder.ts';
import { joined, runAll, visionFeeds } from './vision-cases.ts';
import { openGraph } from './open-graph.ts';

const models = [
  { model: 'ovis2-tiny', config: withContext(ovis2Tiny, 256) },
  { model: 'ovis2.5-tiny', config: withContext(ovis25Tiny, 256) },
];

const forms: readonly { readonly device: TargetDevice; readonly dtype: WeightDtype; readonly tolerance: number }[] = [
  { device: 'cpu', dtype: 'f16', tolerance: 0.01 },
  { device: 'cpu', dtype: 'int8', tolerance: 0.2 },
  { device: 'webgpu', dtype: 'f32', tolerance: 1e-4 },
  { device: 'webgpu', dtype: 'f16', tolerance: 0.01 },
  { device: 'webgpu', dtype: 'int8', tolerance: 0.2 },
];

const blockForms = (['cpu', 'webgpu'] as const)
  .flatMap((device) => (['int8', 'int4'] as const).map((dtype) => ({ device, dtype })))
  .filter(({ device, dtype }) => device === 'webgpu' || dtype === 'int4');

describe.each(models)('$model', ({ model, config }) => {
  const weights = readSafetensors(fixturePath(`${model}/model.safetensors`));
  const tensors = fixtureCases(model).find(({ name }) => name === 'single-wide')?.tensors ?? new Map<string, never>();

  const decoderLogits = async (lowering: Lowering, rounding?: BuiltGraph) => {
    const decoder = await openDecoder(config.language, lowering, weights, rounding);
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const length = prompt.length / config.language.hiddenSize;
    const { logits } = await new DecoderRunner(decoder, config.language, length).run(prompt, [length - 1]);
    return floatsOf(logits);
  };
  const embeddings = async (lowering: Lowering, rounding?: BuiltGraph) => {
    const graph = buildVisualTokenizerGraph(config, lowering, { intermediates: false });
    const session = await openGraph(graph, weights, rounding);
    return joined(await runAll(session, visionFeeds(config.vision, weights, tensors)), 'visual_embeddings');
  };

  test.each(forms)('stays near the reference in $dtype for $device', async ({ device, dtype, tolerance }) => {
    const lowering = createLowering(device, all(dtype));
    expect(relativeError(await decoderLogits(lowering), floatsOf(tensors.get('prefill_logits')))).toBeLessThan(
      tolerance,
    );
    expect(relativeError(await embeddings(lowering), floatsOf(tensors.get('visual_embeds')))).toBeLessThan(tolerance);
  });

  test.each(blockForms)('multiplies $dtype blocks for $device as their values say', async ({ device, dtype }) => {
    const lowering = exactProducts(createLowering(device, all(dtype)));
    const floats = createLowering(device, all('f32'));
    const decoder = buildDecoderGraph(config, lowering);
    expect(relativeError(await decoderLogits(lowering), await decoderLogits(floats, decoder))).toBeLessThan(1e-5);
    if (device === 'cpu') return; // its vision model multiplies whole numbers
    const vision = buildVisualTokenizerGraph(config, lowering, { intermediates: false });
    expect(relativeError(await embeddings(lowering), await embeddings(floats, vision))).toBeLessThan(1e-5);
  });

  test.each(['int8', 'int4'] as const)(
    'sees with whole numbers on a CPU nearly what their values say in %s',
    async (dtype) => {
      const lowering = createLowering('cpu', all(dtype));
      const vision = buildVisualTokenizerGraph(config, lowering, { intermediates: false });
      const exact = await embeddings(createLowering('cpu', all('f32')), vision);
      expect(relativeError(await embeddings(lowering), exact)).toBeLessThan(integerTolerance);
    },
  );

  test('multiplies whole numbers for a CPU nearly as their values say', async () => {
    const lowering = createLowering('cpu', all('int8'));
    const exact = await decoderLogits(createLowering('cpu', all('f32')), buildDecoderGraph(config, lowering));
    expect(relativeError(await decoderLogits(lowering), exact)).toBeLessThan(integerTolerance);
  });
});

/** Of products of whole numbers, whose activations are rounded too. */
const integerTolerance = 0.06;

describe.each([
  { model: 'ovis1.6-gemma2-tiny' },
  { model: 'ovis1.6-llama3-tiny' },
  { model: 'ovis2.6-moe-tiny' },
  { model: 'ovis2.6-next-tiny' },
])('the language model of $model', ({ model }) => {
  const language = languageOf(model);
  const weights = weightsOf(model);
  const tensors = answeredCases(model).find(({ name }) => name === 'single-wide')?.tensors ?? new Map<string, never>();

  const logitsOf = async (lowering: Lowering, rounding?: BuiltGraph) => {
    const decoder = await openDecoder(language, lowering, weights, rounding);
    const prompt = floatsOf(tensors.get('inputs_embeds'));
    const length = prompt.length / language.hiddenSize;
    const sequence = new DecoderRunner(decoder, language, length);
    await sequence.run(prompt.slice(0, -language.hiddenSize), [0]);
    return floatsOf((await sequence.run(prompt.slice(-language.hiddenSize), [0]))['logits']);
  };

  test.each(blockForms)('multiplies $dtype blocks for $device as their values say', async ({ device, dtype }) => {
    const lowering = exactProducts(createLowering(device, all(dtype)));
    const blocks = buildDecoderGraph({ language }, lowering);
    const exact = await logitsOf(createLowering(device, all('f32')), blocks);
    expect(relativeError(await logitsOf(lowering), exact)).toBeLessThan(1e-4);
  });

  // Random routers choose other experts at the smallest change, which no tolerance of logits can tell from an error.
  test.skipIf(model === 'ovis2.6-next-tiny')(
    'multiplies whole numbers for a CPU nearly as their values say',
    async () => {
      const lowering = createLowering('cpu', all('int8'));
      const exact = await logitsOf(createLowering('cpu', all('f32')), buildDecoderGraph({ language }, lowering));
      expect(relativeError(await logitsOf(lowering), exact)).toBeLessThan(integerTolerance);
    },
  );

  test('stays near the reference in f16', async () => {
    const logits = await logitsOf(createLowering('cpu', all('f16')));
    expect(relativeError(logits, floatsOf(tensors.get('prefill_logits')))).toBeLessThan(0.01);
  });
});

/** The same layout, but activations are not rounded to 8 bits for the product. */
function exactProducts(lowering: Lowering): Lowering {
  return { ...lowering, capabilities: { ...lowering.capabilities, blockAccuracy: 0 } };
}

/** Rotary tables of the full context would be most of the file. */
function withContext(config: ModelConfig, contextLength: number): ModelConfig {
  return { ...config, language: { ...config.language, contextLength } };
}
