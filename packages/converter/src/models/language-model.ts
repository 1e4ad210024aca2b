import { ModelFileError } from '@ovis/core';
import type { LanguageModelConfig } from '../checkpoint/language-model-config.ts';
import type { DecoderLayer } from './decoder-layer.ts';
import { gemma2Layer } from './gemma2-layer.ts';
import { preNormLayer } from './pre-norm-layer.ts';
import { qwen3NextLayer } from './qwen3-next-layer.ts';
import type { UnusedTensor } from './unused-tensor.ts';

/** A language model: what one of its layers is, and which of its tensors nobody needs. */
export type LanguageModel = { readonly layer: DecoderLayer; readonly unused: readonly UnusedTensor[] };

const computedFrequencies: UnusedTensor = {
  pattern: /^llm\.model\.(layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$/,
  reason: 'rotary frequencies, which are computed from the config',
};

const predictionHead: UnusedTensor = {
  pattern: /^llm\.mtp\.|^mtp\./,
  reason: 'guesses several tokens ahead, which generation does not need',
};

/** Language models by the `model_type` of their config. */
const models: ReadonlyMap<string, LanguageModel> = new Map<string, LanguageModel>([
  ['qwen2', { layer: preNormLayer, unused: [computedFrequencies] }],
  ['qwen3', { layer: preNormLayer, unused: [computedFrequencies] }],
  ['llama', { layer: preNormLayer, unused: [computedFrequencies] }],
  ['gemma2', { layer: gemma2Layer, unused: [computedFrequencies] }],
  ['qwen3_moe', { layer: preNormLayer, unused: [computedFrequencies] }],
  ['qwen3_next', { layer: qwen3NextLayer, unused: [computedFrequencies, predictionHead] }],
]);

/** The language model of a config. */
export function languageModelOf({ modelType }: LanguageModelConfig): LanguageModel {
  const model = models.get(modelType);
  if (model) return model;
  const known = [...models.keys()].join(', ');
  throw new ModelFileError(
    `The config names the language model "${modelType}"; this version converts ${known}. ` +
      'Take an official Ovis checkpoint, or a newer version of the converter.',
    { details: { modelType } },
  );
}
