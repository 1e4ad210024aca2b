import { ModelFileError } from '@ovis/core';
import type { LanguageModelConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { qwenLayer, type LayerResult, type Sequence } from './qwen-layer.ts';
import type { UnusedTensor } from './unused-tensor.ts';

/** A language model: what one of its layers is, and which of its tensors nobody needs. */
export type LanguageModel = {
  readonly unused: readonly UnusedTensor[];
  /** One decoder layer. `x` is `[1, S, D]`. */
  layer(g: GraphBuilder, x: Value, scope: Scope, config: LanguageModelConfig, sequence: Sequence): LayerResult;
};

const computedFrequencies: UnusedTensor = {
  pattern: /^llm\.model\.(layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$/,
  reason: 'rotary frequencies, which are computed from the config',
};

/** Language models by the `model_type` of their config. */
const models: ReadonlyMap<string, LanguageModel> = new Map<string, LanguageModel>([
  ['qwen2', { layer: qwenLayer, unused: [computedFrequencies] }],
  ['qwen3', { layer: qwenLayer, unused: [computedFrequencies] }],
]);

/** The language model of a config. */
export function languageModelOf({ modelType }: LanguageModelConfig): LanguageModel {
  const model = models.get(modelType);
  if (model) return model;
  const known = [...models.keys()].join(', ');
  throw new ModelFileError(
    `The config names the language model "${modelType}"; this version converts ${known}. ` +
      'Take a checkpoint of Ovis2 or Ovis2.5, or a newer version of the converter.',
    { details: { modelType } },
  );
}
