import { fixtureCases, fixtureJson, fixturePath, readSafetensors } from '@ovis/testing';
import { parseLanguageConfig } from '../src/checkpoint/language-config.ts';
import type { LanguageModelConfig } from '../src/checkpoint/language-model-config.ts';
import type { Tensors } from './evaluate-weight.ts';

/** Enough for every prompt and answer of the fixtures; tables of the whole context would be most of a graph. */
const POSITIONS = 512;

/** Language models of the family, by fixture, and how far logits may be off (fixtures/README.md). */
export const languageFixtures = [
  { model: 'ovis1.0-tiny', tolerance: 5e-4 },
  { model: 'ovis1.5-tiny', tolerance: 5e-4 },
  { model: 'ovis1.5-adaptive-tiny', tolerance: 5e-4 },
  { model: 'ovis1.6-gemma2-tiny', tolerance: 2e-3 },
  { model: 'ovis1.6-llama3-tiny', tolerance: 5e-4 },
  { model: 'ovis2-tiny', tolerance: 5e-4 },
  { model: 'ovis2.5-tiny', tolerance: 5e-4 },
  { model: 'ovis2.6-moe-tiny', tolerance: 5e-4 },
  { model: 'ovis2.6-next-tiny', tolerance: 2e-3 },
] as const;

/** The language model of a fixture, as its config tells it. */
export function languageOf(model: string): LanguageModelConfig {
  const { llm_config: config } = fixtureJson<{ llm_config: unknown }>(`${model}/config.json`);
  return parseLanguageConfig(config, POSITIONS).language;
}

/** Its tensors. */
export function weightsOf(model: string): Tensors {
  return readSafetensors(fixturePath(`${model}/model.safetensors`));
}

/** Cases with a prompt and an answer. */
export function answeredCases(model: string) {
  return fixtureCases(model).filter(({ tensors }) => tensors.has('inputs_embeds') && tensors.has('greedy_ids'));
}
