/** What the fixtures' README suggests (packages/testing/fixtures/README.md). */
const common = {
  pixel_values: 1e-6,
  vit_features: 1e-4,
  head_input: 1e-4,
  visual_logits: 1e-4,
  visual_probs: 1e-5,
  visual_embeds: 5e-5,
  inputs_embeds: 5e-5,
  prefill_logits: 5e-4,
  prefill_logits_all: 5e-4,
};

/** Larger logits (Gemma2), and gated norms that magnify rounding (Qwen3-Next). */
const wideLogits = { ...common, prefill_logits: 2e-3, prefill_logits_all: 2e-3 };

const byFixture: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'ovis1.6-gemma2-tiny': wideLogits,
  'ovis2.6-next-tiny': wideLogits,
};

/**
 * Largest absolute differences that float32 noise explains, by tensor; depends on the fixture's family only, never on a
 * case.
 */
export function tolerancesOf(model: string): Readonly<Record<string, number>> {
  return byFixture[model] ?? common;
}
