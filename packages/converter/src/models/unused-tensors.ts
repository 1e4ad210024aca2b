import type { ModelConfig } from '../checkpoint/checkpoint-config.ts';
import { languageModelOf } from './language-model.ts';
import type { UnusedTensor } from './unused-tensor.ts';
import { visionTowerOf } from './vision-towers.ts';

const tiedHead: UnusedTensor = {
  pattern: /^llm\.lm_head\.weight$/,
  reason: 'equals the embedding, which the config ties it to',
};

/** Tensors that a checkpoint of this config may hold although no graph and no table reads them. */
export function unusedTensors({ vision, language }: ModelConfig): readonly UnusedTensor[] {
  return [
    ...visionTowerOf(vision).unused,
    ...languageModelOf(language).unused,
    ...(language.tiedEmbeddings ? [tiedHead] : []),
  ];
}
