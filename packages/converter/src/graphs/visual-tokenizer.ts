import {
  nativeVisualTokenizerContract,
  tiledVisualTokenizerContract,
  twoScaleVisualTokenizerContract,
  visualTokenizerIntermediates,
  type Dim,
} from '@ovis/core';
import type { ModelConfig, VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { dropClassToken } from '../layers/drop-class-token.ts';
import { inChunks } from '../layers/in-chunks.ts';
import { joinScales } from '../layers/join-scales.ts';
import { mergeBlocks, mergeSquare } from '../layers/merge-patches.ts';
import { patchLength } from '../layers/patch-embedding.ts';
import { visualHead, type VisualHead, type VisualHeadOptions } from '../layers/visual-head.ts';
import type { Lowering } from '../lowering/lowering.ts';
import type { TiledTower } from '../models/vision-tower.ts';
import { visionTowerOf } from '../models/vision-towers.ts';
import { sized } from './sized.ts';

/** Options of {@link buildVisualTokenizerGraph}. */
export type VisualTokenizerGraphOptions = {
  /** Whether the graph also gives core's `visualTokenizerIntermediates`. */
  readonly intermediates: boolean;
};

/** The part of a config that decides what the graph is. */
export type VisualTokenizerModel = Pick<ModelConfig, 'vision'> & {
  readonly language: Pick<ModelConfig['language'], 'hiddenSize'>;
};

/** Most visual words that the graph reports per token. */
const TOP_WORDS = 8;

/** Outputs are the same for all. */
const outputSpecs = { ...tiledVisualTokenizerContract.outputs, ...visualTokenizerIntermediates };
type OutputName = keyof typeof outputSpecs;

/**
 * Vision tower, merge, head and table in one graph; fulfils `tiledVisualTokenizerContract`,
 * `twoScaleVisualTokenizerContract` or `nativeVisualTokenizerContract`, whichever the model is made for.
 */
export function buildVisualTokenizerGraph(
  { vision, language }: VisualTokenizerModel,
  lowering: Lowering,
  { intermediates }: VisualTokenizerGraphOptions,
): BuiltGraph {
  const g = new GraphBuilder('visual-tokenizer', lowering);
  const sizes = sizesOf(vision, language.hiddenSize);
  const { features, merged } = towerAndMerge(g, vision, sizes);
  const computed = head(g, merged, vision, intermediates, {
    visualVocabularySize: vision.visualVocabularySize,
    indicators: vision.indicators,
    embeddingSize: language.hiddenSize,
    tokenizeFunction: vision.tokenizeFunction,
    topWords: sizes.k,
  });
  const output = (name: OutputName, value: Value) => g.output(name, value, sized(outputSpecs[name], sizes));
  for (const [name, value] of computed) output(name, value);
  if (intermediates) {
    output('vit_features', features);
    output('head_input', merged);
  }
  return g.build();
}

/** Letters of the contract whose sizes the model decides. */
function sizesOf(vision: VisionConfig, embeddingSize: number) {
  const { gridSide, hiddenSize, heads, mergeStride, secondScale, visualVocabularySize } = vision;
  const tiled = visionTowerOf(vision).kind === 'tiled';
  return {
    'C*p*p': patchLength(vision),
    d: hiddenSize,
    'h/2': hiddenSize / heads / 2,
    'd*m*m': hiddenSize * mergeStride ** 2 * (secondScale === 'none' ? 1 : 2),
    U: visualVocabularySize,
    D: embeddingSize,
    k: Math.min(TOP_WORDS, visualVocabularySize),
    P: tiled ? gridSide ** 2 : 'P',
    'P+cls': tiled ? gridSide ** 2 + (vision.classToken ? 1 : 0) : 'P',
  };
}

/** Features of the tower `[B, P, d]`, and what the head reads of them, `[V, d*m*m]`. */
type TowerOutputs = { readonly features: Value; readonly merged: Value };

function towerAndMerge(g: GraphBuilder, vision: VisionConfig, sizes: Readonly<Record<string, Dim>>): TowerOutputs {
  const tower = visionTowerOf(vision);
  const scope = new Scope('vit', ['visual_tokenizer', 'merge']);
  if (tower.kind === 'tiled') return squareViews(g, tower, vision, sizes, scope);
  const { inputs } = nativeVisualTokenizerContract;
  const input = (name: keyof typeof inputs) => g.input(name, sized(inputs[name], sizes));
  const features = tower.features(g, input('patches'), vision, {
    positions: input('positions'),
    rotary: { cosines: input('cosines'), sines: input('sines') },
  });
  return { features, merged: mergeBlocks(g, features, scope, vision.mergeStride) };
}

function squareViews(
  g: GraphBuilder,
  tower: TiledTower,
  vision: VisionConfig,
  sizes: Readonly<Record<string, Dim>>,
  scope: Scope,
): TowerOutputs {
  const { gridSide, mergeStride } = vision;
  if (vision.secondScale === 'none') {
    const patches = g.input('patches', sized(tiledVisualTokenizerContract.inputs.patches, sizes));
    const features = tower.features(g, patches, vision);
    const kept = vision.classToken ? dropClassToken(g, features, scope) : features;
    return { features, merged: mergeSquare(g, kept, scope, gridSide, mergeStride) };
  }
  const { inputs } = twoScaleVisualTokenizerContract;
  const grouped = g.input('patches', sized(inputs.patches, sizes)); // [I, 5, P, C*p*p]
  const factor = g.input('second_scale', inputs.second_scale);
  const patches = g.reshape(grouped, ['B', gridSide ** 2, patchLength(vision)], scope);
  const features = tower.features(g, patches, vision);
  const kept = vision.classToken ? dropClassToken(g, features, scope) : features;
  const joined = joinScales(g, kept, factor, scope, gridSide);
  return { features, merged: mergeSquare(g, joined, scope, gridSide, mergeStride) };
}

/** Bytes of the distributions of a view that are computed at once: 256 tokens of 65,531 words, as Ovis2 has them. */
const MAX_VIEW_BYTES = 2 ** 26;

/** Bytes of the distributions of a view; null where pictures have the size they want. */
function bytesOfView(vision: VisionConfig): number | null {
  if (visionTowerOf(vision).kind !== 'tiled') return null;
  const tokens = Math.ceil(vision.gridSide / vision.mergeStride) ** 2;
  return tokens * vision.visualVocabularySize * Float32Array.BYTES_PER_ELEMENT;
}

/**
 * The head, on as many tokens at a time as the target has memory for. Views of a known size need no chunks where one is
 * small enough: hosts put no more into a run than a bound on these bytes allows. Chunks have a price, since ONNX Runtime
 * keeps the weights of a `Scan` a second time, mapped beside the packed ones.
 */
function head(
  g: GraphBuilder,
  merged: Value,
  vision: VisionConfig,
  intermediates: boolean,
  options: VisualHeadOptions,
): ReadonlyMap<OutputName, Value> {
  const limit = g.lowering.capabilities.visualTokensAtOnce;
  const outputs = (rows: Value) => namedOutputs(visualHead(g, rows, options), intermediates);
  if (limit === null || (bytesOfView(vision) ?? Infinity) <= MAX_VIEW_BYTES) return outputs(merged);
  return inChunks(g, merged, limit, new Scope('visualHead', ['visual_tokenizer', 'head']), outputs);
}

function namedOutputs(results: VisualHead, intermediates: boolean): ReadonlyMap<OutputName, Value> {
  const outputs = new Map<OutputName, Value>([
    ['visual_embeddings', results.embeddings],
    ['top_words', results.topWords],
    ['top_probabilities', results.topProbabilities],
    ['entropy', results.entropy],
  ]);
  return intermediates
    ? outputs.set('visual_logits', results.logits).set('visual_probs', results.probabilities)
    : outputs;
}
