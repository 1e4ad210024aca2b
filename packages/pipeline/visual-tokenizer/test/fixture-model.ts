import {
  generationTraits,
  type ModelDescription,
  type NativePreprocessing,
  type OvisGeneration,
  type ResizeFilter,
  type SecondScale,
  type TiledPreprocessing,
} from '@ovis/core';
import { fixtureJson } from '@ovis/testing';

type Config = {
  readonly hidden_size: number;
  readonly visual_vocab_size?: number;
  readonly visual_tokenizer_config?: {
    readonly model_type: string;
    readonly use_indicators?: boolean;
    readonly hd_booster?: string | null;
    readonly vocab_size: number;
    readonly hidden_stride: number;
    readonly backbone_config: TowerConfig;
  };
  readonly vit_config?: TowerConfig & { readonly hidden_stride: number; readonly temporal_patch_size: number };
};

type TowerConfig = {
  readonly model_type: string;
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly patch_size: number;
  readonly image_size: number;
};

/** Generations by visual tokenizer; SigLIP with indicators of its own is 1.5. */
const generations: Readonly<Record<string, OvisGeneration>> = {
  clip_visual_tokenizer: '1.0',
  siglip_visual_tokenizer: '1.6',
  aimv2_visual_tokenizer: '2',
};

const secondScales: Readonly<Record<string, SecondScale>> = { s2wrapper: 'always', 's2wrapper-adaptive': 'adaptive' };

type ProcessorConfig = {
  readonly resample: number;
  readonly rescale_factor: number;
  readonly image_mean: [number, number, number];
  readonly image_std: [number, number, number];
};

const filters: readonly (ResizeFilter | undefined)[] = ['nearest', 'lanczos', 'bilinear', 'bicubic'];

/** Description of a fixture model, as far as this package reads it. */
export function fixtureModel(folder: string): ModelDescription {
  const config = fixtureJson<Config>(`${folder}/config.json`);
  const processor = fixtureJson<ProcessorConfig>(`${folder}/preprocessor_config.json`);
  const filter = filters[processor.resample];
  if (filter === undefined) throw new Error(`Unknown filter ${processor.resample}.`);
  const pixels = {
    filter,
    rescale: processor.rescale_factor,
    mean: processor.image_mean,
    std: processor.image_std,
  };
  const tiled = config.visual_tokenizer_config;
  if (tiled !== undefined) {
    const { backbone_config: tower, hidden_stride: mergeStride, model_type: type, hd_booster: booster } = tiled;
    const { image_size: side, patch_size: patchSize } = tower;
    const tokensPerView = Math.ceil(Math.floor(side / patchSize) / mergeStride) ** 2;
    const hasOwnIndicators = type === 'siglip_visual_tokenizer' && tiled.use_indicators === true;
    const generation = hasOwnIndicators ? '1.5' : generations[type];
    if (generation === undefined) throw new Error(`Unknown visual tokenizer ${type}.`);
    const indicators = generationTraits[generation].indicators.length;
    const preprocessing: TiledPreprocessing = {
      ...pixels,
      kind: 'tiles',
      side,
      maxPartition: generationTraits[generation].views === 'single' ? 1 : 9,
      tokensPerView,
      ...(booster ? { secondScale: secondScales[booster] ?? 'none' } : {}),
    };
    const head = { mergeStride, words: tiled.vocab_size - indicators, indicators };
    return { ...description(config, tower, head, preprocessing), generation };
  }
  const tower = config.vit_config;
  if (tower === undefined) throw new Error(`${folder} has no vision tower.`);
  const words = (config.visual_vocab_size ?? 0) - 4;
  return description(
    config,
    tower,
    { mergeStride: tower.hidden_stride, words, indicators: 4 },
    {
      ...pixels,
      kind: 'native',
      minPixels: 448 * 448,
      maxPixels: 1344 * 1792,
      temporalPatchSize: tower.temporal_patch_size,
      positionGrid: tower.image_size / tower.patch_size,
      rotaryHeadSize: tower.hidden_size / tower.num_attention_heads,
    },
  );
}

function description(
  config: Config,
  tower: TowerConfig,
  head: { readonly mergeStride: number; readonly words: number; readonly indicators: number },
  preprocessing: TiledPreprocessing | NativePreprocessing,
): ModelDescription {
  return {
    generation: preprocessing.kind === 'tiles' ? '2' : '2.5',
    name: 'fixture',
    language: {
      architecture: 'qwen2',
      hiddenSize: config.hidden_size,
      layers: 3,
      heads: 4,
      keyValueHeads: 2,
      headSize: 16,
      vocabularySize: 608,
      contextLength: 32_768,
    },
    vision: {
      architecture: tower.model_type,
      hiddenSize: tower.hidden_size,
      layers: tower.num_hidden_layers,
      heads: tower.num_attention_heads,
      patchSize: tower.patch_size,
      mergeStride: head.mergeStride,
      visualVocabularySize: head.words,
      indicators: head.indicators,
    },
    preprocessing,
    promptFormat: preprocessing.kind === 'tiles' ? 'qwen' : 'qwen3',
    stopTokens: [],
    thinkEndToken: null,
  };
}
