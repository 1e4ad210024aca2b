import type { ModelConfig } from '../src/checkpoint/checkpoint-config.ts';

/** `ovis2-tiny/config.json` as graphs see it. */
export const ovis2Tiny: ModelConfig = {
  language: {
    modelType: 'qwen2',
    hiddenSize: 64,
    layers: 3,
    heads: 4,
    keyValueHeads: 2,
    headSize: 16,
    feedForwardSize: 112,
    vocabularySize: 608,
    contextLength: 32768,
    ropeTheta: 1e6,
    ropeScaling: { kind: 'none' },
    normEpsilon: 1e-6,
    queryKeyValueBias: true,
    queryKeyNorm: false,
    tiedEmbeddings: true,
  },
  vision: {
    modelType: 'aimv2',
    hiddenSize: 48,
    layers: 3,
    heads: 3,
    feedForwardSize: 96,
    patchSize: 14,
    temporalPatchSize: 1,
    normEpsilon: 1e-5,
    mergeStride: 2,
    gridSide: 4,
    queryKeyValueBias: false,
    linearBias: false,
    learnedPositions: true,
    rotaryPositions: false,
    visualVocabularySize: 195,
    indicators: 5,
    tokenizeFunction: 'softmax',
  },
};

/** `ovis2.5-tiny/config.json` as graphs see it. */
export const ovis25Tiny: ModelConfig = {
  language: {
    ...ovis2Tiny.language,
    modelType: 'qwen3',
    headSize: 24,
    vocabularySize: 624,
    contextLength: 40960,
    queryKeyValueBias: false,
    queryKeyNorm: true,
  },
  vision: {
    ...ovis2Tiny.vision,
    modelType: 'siglip2_navit',
    feedForwardSize: 88,
    patchSize: 16,
    normEpsilon: 1e-6,
    gridSide: 8,
    queryKeyValueBias: true,
    linearBias: true,
    rotaryPositions: true,
    visualVocabularySize: 216,
    indicators: 4,
  },
};
