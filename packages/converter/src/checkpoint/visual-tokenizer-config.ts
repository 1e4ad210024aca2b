import type { OvisGeneration } from '@ovis/core';
import * as v from 'valibot';
import {
  LARGEST_FEED_FORWARD,
  LARGEST_HEADS,
  LARGEST_LAYERS,
  LARGEST_VOCABULARY,
  LARGEST_WIDTH,
  size,
} from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import { unsupported } from './unsupported.ts';
import { visualVocabulary, type ShapeOf } from './visual-vocabulary.ts';

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
function tokenizeFunction(name: string): VisionConfig['tokenizeFunction'] {
  if (name === 'softmax') return 'softmax';
  if (name === 'st_argmax') return 'argmax';
  return unsupported(VISUAL_TOKENIZER, 'tokenize_function', name, '"softmax" or "st_argmax"');
}

/** `depths` picks layers of the ViT, as a list or as text joined by `|`; null, or all of them, is the usual case. */
function checkDepths(depths: unknown, layers: number): void {
  if (depths === undefined || depths === null) return;
  const last: unknown = Array.isArray(depths) && depths.length === 1 ? depths[0] : depths;
  if (Number(last) !== layers)
    unsupported(VISUAL_TOKENIZER, 'depths', depths, `all ${layers} layers of the vision tower`);
}

/** Sizes that a tower's config has in its own class, for keys that it leaves out. */
type TowerDefaults = {
  readonly width: number;
  readonly feedForward: number;
  readonly layers: number;
  readonly heads: number;
  readonly patchSize: number;
};

/** Keys that the configs of all towers for square views have. */
export function towerKeys({ width, feedForward, layers, heads, patchSize }: TowerDefaults) {
  return {
    hidden_size: size(LARGEST_WIDTH, width),
    intermediate_size: size(LARGEST_FEED_FORWARD, feedForward),
    num_hidden_layers: size(LARGEST_LAYERS, layers),
    num_attention_heads: size(LARGEST_HEADS, heads),
    num_channels: size(16, 3),
    image_size: size(16_384, 224),
    patch_size: size(1024, patchSize),
  } as const;
}

/** Sizes of a tower's config that must fit each other. */
type TowerSizes = {
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

/** What a tower's config and that of its visual tokenizer tell about parts that all towers for square views have. */
type TowerConfig = {
  readonly vit: TowerSizes & { readonly num_hidden_layers: number; readonly intermediate_size: number };
  readonly config: {
    readonly vocab_size: number;
    readonly use_indicators?: boolean | null | undefined;
    readonly tokenize_function: string;
    readonly depths?: unknown;
  };
};

/** The part of the vision config that all towers for square views fill in alike. */
export function squareTower(generation: OvisGeneration, shapeOf: ShapeOf, { vit, config }: TowerConfig) {
  const { words, indicators, warnings } = visualVocabulary(generation, shapeOf, {
    rows: config.vocab_size,
    key: `${VISUAL_TOKENIZER} "vocab_size"`,
    useIndicators: config.use_indicators,
  });
  const tower = {
    hiddenSize: vit.hidden_size,
    layers: vit.num_hidden_layers,
    heads: vit.num_attention_heads,
    feedForwardSize: vit.intermediate_size,
    patchSize: vit.patch_size,
    temporalPatchSize: 1,
    gridSide: Math.floor(vit.image_size / vit.patch_size),
    learnedPositions: true,
    rotaryPositions: false,
    visualVocabularySize: words,
    indicators,
    tokenizeFunction: tokenizeFunction(config.tokenize_function),
  } as const satisfies Partial<VisionConfig>;
  checkDepths(config.depths, tower.layers);
  return { tower, warnings };
}
