import { nativeVisualTokenizerContract, tiledVisualTokenizerContract, visualTokenizerIntermediates } from '@ovis/core';
import type { ModelConfig, VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { inChunks } from '../layers/in-chunks.ts';
import { mergeBlocks, mergeSquare } from '../layers/merge-patches.ts';
import { patchLength } from '../layers/patch-embedding.ts';
import { visualHead, type VisualHead, type VisualHeadOptions } from '../layers/visual-head.ts';
import type { Lowering } from '../lowering/lowering.ts';
import { visionTowerOf } from '../models/vision-towers.ts';
import { sized } from './sized.ts';

/** Options of {@link buildVisualTokenizerGraph}. */
export type VisualTokenizerGraphOptions = {
  /** Whether the graph also gives core's `visualTokenizerIntermediates`. */
  readonly intermediates: boolean;
};

/** Most visual words that the graph reports per token. */
const TOP_WORDS = 8;

/** Outputs are the same for tiles and for native resolution. */
const outputSpecs = { ...tiledVisualTokenizerContract.outputs, ...visualTokenizerIntermediates };
type OutputName = keyof typeof outputSpecs;

/**
 * Vision tower, merge, head and table in one graph; fulfils `tiledVisualTokenizerContract` or
 * `nativeVisualTokenizerContract`, whichever the tower is made for.
 */
export function buildVisualTokenizerGraph(
  { vision, language }: ModelConfig,
  lowering: Lowering,
  { intermediates }: VisualTokenizerGraphOptions,
): BuiltGraph {
  const g = new GraphBuilder('visual-tokenizer', lowering);
  const sizes = sizesOf(vision, language.hiddenSize);
  const { features, merged } = towerAndMerge(g, vision, sizes);
  const computed = head(g, merged, intermediates, {
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
  return {
    'C*p*p': patchLength(vision),
    d: vision.hiddenSize,
    'h/2': vision.hiddenSize / vision.heads / 2,
    'd*m*m': vision.hiddenSize * vision.mergeStride ** 2,
    U: vision.visualVocabularySize,
    D: embeddingSize,
    k: Math.min(TOP_WORDS, vision.visualVocabularySize),
    ...(visionTowerOf(vision).kind === 'tiled' ? { P: vision.gridSide ** 2 } : {}),
  };
}

function towerAndMerge(g: GraphBuilder, vision: VisionConfig, sizes: Readonly<Record<string, number>>) {
  const tower = visionTowerOf(vision);
  const scope = new Scope('vit', ['visual_tokenizer', 'merge']);
  const { mergeStride } = vision;
  if (tower.kind === 'tiled') {
    const patches = g.input('patches', sized(tiledVisualTokenizerContract.inputs.patches, sizes));
    const features = tower.features(g, patches, vision); // [B, P, d]
    return { features, merged: mergeSquare(g, features, scope, vision.gridSide, mergeStride) };
  }
  const { inputs } = nativeVisualTokenizerContract;
  const input = (name: keyof typeof inputs) => g.input(name, sized(inputs[name], sizes));
  const features = tower.features(g, input('patches'), vision, {
    positions: input('positions'),
    rotary: { cosines: input('cosines'), sines: input('sines') },
  });
  return { features, merged: mergeBlocks(g, features, scope, mergeStride) };
}

/** The head, on as many tokens at a time as the target has memory for. */
function head(
  g: GraphBuilder,
  merged: Value,
  intermediates: boolean,
  options: VisualHeadOptions,
): ReadonlyMap<OutputName, Value> {
  const limit = g.lowering.capabilities.visualTokensAtOnce;
  const outputs = (rows: Value) => namedOutputs(visualHead(g, rows, options), intermediates);
  if (limit === null) return outputs(merged);
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
