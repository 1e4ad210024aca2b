import { DECODER_CANDIDATES, decoderContract, type TensorSpec } from '@ovis/core';
import type { ModelConfig } from '../checkpoint/checkpoint-config.ts';
import type { LanguageModelConfig } from '../checkpoint/language-model-config.ts';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { appendedRows } from '../layers/appended-rows.ts';
import { rmsNorm } from '../layers/norms.ts';
import { product } from '../layers/product.ts';
import { rotaryTables } from '../layers/rotary-tables.ts';
import { softCapped } from '../layers/soft-capped.ts';
import type { Lowering } from '../lowering/lowering.ts';
import type { LayerContext } from '../models/decoder-layer.ts';
import { languageModelOf } from '../models/language-model.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { likeliestTokens } from './likeliest-tokens.ts';
import { sized } from './sized.ts';

/** Name of the first output of graphs whose lowering asks for one; a list with one number, without meaning. */
const SEQUENCE_MARKER = 'sequence_marker';

const decoder = new Scope('decoder', ['llm', 'model']);
const headScope = new Scope('lmHead', ['llm', 'lm_head']);
const capScope = new Scope('lmHead', ['llm', 'logit_soft_cap']);

/**
 * The language model, from input embeddings to logits; fulfils `decoderContract`, or `decoderStepContract` where it is
 * for single `steps`.
 */
export function buildDecoderGraph(
  { language }: Pick<ModelConfig, 'language'>,
  lowering: Lowering,
  positions: 'any' | 'steps' = 'any',
): BuiltGraph {
  const g = new GraphBuilder('decoder', lowering);
  const { inputs, outputs } = decoderContract;
  const candidates = Math.min(DECODER_CANDIDATES, language.vocabularySize);
  const sizes = { D: language.hiddenSize, N: language.vocabularySize, k: candidates };
  const input = (name: keyof typeof inputs) => g.input(name, sized(inputs[name], sizes));
  const output = (name: keyof typeof outputs, value: Value) => g.output(name, value, sized(outputs[name], sizes));

  const embeddings = input('inputs_embeds');
  const lastPosition = input('last_position');
  const totalLength = input('total_length');
  const logitPositions = input('logit_positions');
  if (lowering.capabilities.sequenceMarker) markFirstOutput(g);

  const scaled = scaledEmbeddings(g, embeddings, language);
  const hidden = layers(g, scaled, language, { lastPosition, totalLength });
  const asked = g.gather(hidden, logitPositions, 1, decoder); // [1, M, D]
  const normed = rmsNorm(g, asked, decoder.child('norm'), language.normEpsilon, language.normOffset);
  const rows = g.reshape(normed, ['M', language.hiddenSize], headScope); // [M, D]
  const found =
    positions === 'steps'
      ? likeliestTokens(g, rows, { weight: headWeight(language), language, candidates }, headScope)
      : null;
  if (found !== null) {
    output('top_logits', softCapped(g, found.logits, language.logitSoftCap, capScope));
    output('top_ids', found.ids);
    return g.build();
  }
  const logits = softCapped(g, head(g, rows, language), language.logitSoftCap, capScope); // [M, N]
  const top = g.topK(logits, candidates, decoder);
  if (positions === 'any') output('logits', logits);
  output('top_logits', top.values);
  output('top_ids', top.indices);
  return g.build();
}

/** See `Capabilities.sequenceMarker`. */
function markFirstOutput(g: GraphBuilder): void {
  const spec: TensorSpec = { dtype: 'int64', shape: [] };
  const inputs = [g.integers([0])];
  g.sequenceOutput(SEQUENCE_MARKER, g.single({ operator: 'SequenceConstruct', inputs, outputs: [spec] }, decoder));
}

/** Gemma2 multiplies every embedding, visual ones and indicators too, so no table can take the factor. */
function scaledEmbeddings(g: GraphBuilder, x: Value, { embeddingScale }: LanguageModelConfig): Value {
  return embeddingScale === 1 ? x : g.mul(x, g.floats([embeddingScale]), decoder);
}

function layers(
  g: GraphBuilder,
  embeddings: Value,
  config: LanguageModelConfig,
  positions: { readonly lastPosition: Value; readonly totalLength: Value },
): Value {
  const model = languageModelOf(config);
  const rotary = rotaryTables(g, decoder.child('rotary'), {
    rotarySize: config.rotarySize,
    positions: config.contextLength,
    theta: config.ropeTheta,
    scaling: config.ropeScaling,
  });
  let x = embeddings; // [1, S, D]
  for (let index = 0; index < config.layers; index++) {
    const state: LayerContext['state'] = (part, spec) => {
      const named = { ...spec, input: `past.${index}.${part}`, output: `present.${index}.${part}` };
      const { growingAxis } = spec;
      if (growingAxis === null || !g.lowering.capabilities.appendedRows) {
        return { past: g.stateInput(named), keep: (present) => g.stateOutput(named, present) };
      }
      const appending = {
        ...named,
        appended: { output: `appended.${index}.${part}`, length: 'total_length' },
      } as const;
      const rows = (present: Value) => appendedRows(g, present, growingAxis, embeddings, decoder, positions);
      return {
        past: g.stateInput(appending),
        keep: (present) => g.stateOutput(appending, present, rows(present)),
      };
    };
    x = model.layer(g, x, decoder.layer('layers', index, config.layers), {
      ...positions,
      rotary,
      index,
      config,
      state,
    });
  }
  return x;
}

/** `rows [M, D]` to logits `[M, N]`. */
function head(g: GraphBuilder, rows: Value, config: LanguageModelConfig): Value {
  return product(g, rows, { weight: headWeight(config), axes: 'out-in', bias: null }, headScope);
}

/** A tied head reads the embedding. */
function headWeight(config: LanguageModelConfig): WeightExpression {
  const shape = [config.vocabularySize, config.hiddenSize];
  const tied = new Scope('lmHead', ['llm', 'model', 'embed_tokens']);
  return (config.tiedEmbeddings ? tied : headScope).tensor('weight', shape);
}
