/** Largest absolute difference from the official code in float32, by tensor (packages/testing/fixtures/README.md). */
export const tolerances: Readonly<Record<string, number>> = {
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
