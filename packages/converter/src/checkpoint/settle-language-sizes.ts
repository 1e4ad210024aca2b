import type { JsonObject } from './checkpoint-folder.ts';
import type { ShapeOf } from './visual-vocabulary.ts';

/** `llm_config` with the sizes that the tensors have, and what was wrong in it. */
export type SettledSizes = { readonly json: unknown; readonly warnings: readonly string[] };

const PREFIX = 'llm.model';

/** Layers that are looked at for a norm per head; hybrid models have it in every fourth. */
const LAYERS_WITH_NORM = 8;

/**
 * Sizes that tensors tell beyond doubt replace those of `llm_config`, because the weights are what runs. The number of
 * heads is only told where the norm of a head tells its size (Qwen3); elsewhere a contradiction is left for the exact
 * binding of weights to refuse, since a wrong guess would run and answer nonsense.
 */
export function settleLanguageSizes(json: unknown, shapeOf: ShapeOf): SettledSizes {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { json, warnings: [] };
  const config = json as JsonObject;
  const [vocabulary, hidden] = shapeOf(`${PREFIX}.embed_tokens.weight`) ?? [];
  const found: Record<string, number | undefined> = {
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: shapeOf(`${PREFIX}.layers.0.mlp.gate_proj.weight`)?.[0],
    ...headsOf(shapeOf),
  };
  const wrong = Object.entries(found).filter(
    ([key, size]) => size !== undefined && isSize(config[key]) && config[key] !== size,
  );
  return {
    json: { ...config, ...Object.fromEntries(wrong) },
    warnings: wrong.map(
      ([key, size]) =>
        `config.json says "llm_config" "${key}" ${String(config[key])}, but the tensors have ${String(size)}; the tensors count.`,
    ),
  };
}

/** Whether a config's value is a size at all; nonsense is refused by the schema, not settled. */
function isSize(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 2 ** 24;
}

/** Head size and counts, from the first layer with a norm per head. */
function headsOf(shapeOf: ShapeOf): Record<string, number | undefined> {
  for (let layer = 0; layer < LAYERS_WITH_NORM; layer++) {
    const attention = `${PREFIX}.layers.${layer}.self_attn`;
    const headSize = shapeOf(`${attention}.q_norm.weight`)?.[0];
    if (headSize === undefined || headSize < 1) continue;
    const heads = (elements: number | undefined) =>
      elements !== undefined && elements % headSize === 0 ? elements / headSize : undefined;
    return {
      head_dim: headSize,
      num_attention_heads: heads(shapeOf(`${attention}.o_proj.weight`)?.[1]),
      num_key_value_heads: heads(shapeOf(`${attention}.k_proj.weight`)?.[0]),
    };
  }
  return {};
}
