import * as v from 'valibot';
import { LARGEST_VOCABULARY, size } from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import { unsupported } from './unsupported.ts';

/** Where the config of a visual tokenizer lies up to Ovis2, for messages. */
export const VISUAL_TOKENIZER = 'config.json, "visual_tokenizer_config"';

/** Keys that the visual tokenizers up to Ovis2 share. Missing ones mean the defaults of the official classes. */
export const visualTokenizerKeys = {
  vocab_size: size(LARGEST_VOCABULARY, 16384),
  tokenize_function: v.nullish(v.string(), 'softmax'),
  depths: v.nullish(v.unknown()),
  hidden_stride: size(16, 1),
  use_indicators: v.nullish(v.boolean()),
} as const;

/** A vision config with what was settled on the way. */
export type ParsedVision = {
  readonly vision: VisionConfig;
  /** Side in pixels of the square views that the tower was made for; null at native resolution. */
  readonly views: { readonly side: number; readonly sideKey: 'crop_size' | 'size' } | null;
  readonly warnings: readonly string[];
};

/** `gumbel_argmax` draws random numbers even when a model only answers; nothing released uses it. */
export function tokenizeFunction(name: string): VisionConfig['tokenizeFunction'] {
  if (name === 'softmax') return 'softmax';
  if (name === 'st_argmax') return 'argmax';
  return unsupported(VISUAL_TOKENIZER, 'tokenize_function', name, '"softmax" or "st_argmax"');
}

/** `depths` picks layers of the ViT, as a list or as text joined by `|`; null, or all of them, is the usual case. */
export function checkDepths(depths: unknown, layers: number): void {
  if (depths === undefined || depths === null) return;
  const last: unknown = Array.isArray(depths) && depths.length === 1 ? depths[0] : depths;
  if (Number(last) !== layers)
    unsupported(VISUAL_TOKENIZER, 'depths', depths, `all ${layers} layers of the vision tower`);
}

/** Sizes of a tower's config that must fit each other. */
export type TowerSizes = {
  readonly hidden_size: number;
  readonly num_attention_heads: number;
  readonly num_channels: number;
  readonly image_size: number;
  readonly patch_size: number;
};

/** Checks what every tower for square views has. */
export function checkTower(vit: TowerSizes): void {
  const { hidden_size: width, num_attention_heads: heads, image_size: side, patch_size: patchSize } = vit;
  const refuse = (key: keyof TowerSizes, known: string) =>
    unsupported(VISUAL_TOKENIZER, `backbone_config.${key}`, vit[key], known);
  if (vit.num_channels !== 3) refuse('num_channels', '3 channels');
  if (width % heads !== 0) refuse('num_attention_heads', `a divisor of the width ${width}`);
  if (side < patchSize) refuse('image_size', `at least one patch of ${patchSize} pixels`);
}
