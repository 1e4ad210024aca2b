import * as v from 'valibot';
import { checkJson, LARGEST_FEED_FORWARD, LARGEST_LAYERS, size } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import type { LanguageModelConfig } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

/** Several times the experts of the largest models. */
const LARGEST_EXPERTS = 4_096;

const schema = v.looseObject({
  num_experts: size(LARGEST_EXPERTS, 1),
  num_experts_per_tok: size(LARGEST_EXPERTS, 1),
  moe_intermediate_size: size(LARGEST_FEED_FORWARD, 1),
  shared_expert_intermediate_size: v.nullish(size(LARGEST_FEED_FORWARD, 1)),
  norm_topk_prob: v.nullish(v.boolean(), false),
  decoder_sparse_step: size(LARGEST_LAYERS, 1),
  mlp_only_layers: v.nullish(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), []),
});

/** Which layers have experts, and what these are. */
export function parseExperts(
  json: JsonObject,
  hasExperts: boolean,
  layers: number,
  file: string,
): Pick<LanguageModelConfig, 'experts' | 'feedForwards'> {
  const dense = Array.from({ length: layers }, () => 'dense' as const);
  if (!hasExperts) return { experts: null, feedForwards: dense };
  const config = checkJson(schema, json, file);
  const { num_experts: count, num_experts_per_tok: chosen } = config;
  if (chosen > count) unsupported(file, 'num_experts_per_tok', chosen, `at most ${count} experts per token`);
  const feedForwards = dense.map((_, layer) => {
    const sparse = !config.mlp_only_layers.includes(layer) && (layer + 1) % config.decoder_sparse_step === 0;
    return sparse ? 'experts' : 'dense';
  });
  const experts = {
    count,
    chosen,
    feedForwardSize: config.moe_intermediate_size,
    renormalise: config.norm_topk_prob,
    sharedFeedForwardSize: config.shared_expert_intermediate_size ?? null,
  };
  return { experts: feedForwards.includes('experts') ? experts : null, feedForwards };
}
