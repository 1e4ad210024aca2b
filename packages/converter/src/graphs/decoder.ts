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
import { tableRows } from '../layers/table-rows.ts';
import type { Lowering } from '../lowering/lowering.ts';
import type { LayerContext } from '../models/decoder-layer.ts';
import { languageModelOf } from '../models/language-model.ts';
import { textTable } from '../models/text-table.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';
import { likeliestTokens } from './likeliest-tokens.ts';
import { sized } from './sized.ts';

/** Name of the first output of graphs whose lowering asks for one; a list with one number, without meaning. */
const SEQUENCE_MARKER = 'sequence_marker';

/** Name of the output with the embeddings of the likeliest tokens. */
const NEXT_EMBEDDINGS = 'next_embeds';

const decoder = new Scope('decoder', ['llm', 'model']);
const headScope = new Scope('lmHead', ['llm', 'lm_head']);
const nextScope = new Scope('textTable', ['next']);
const capScope = new Scope('lmHead', ['llm', 'logit_soft_cap']);

/** What a decoder graph is for. */
export type DecoderForm = {
  /** Any number of positions, or single `steps`. Default: any. */
  readonly positions?: 'any' | 'steps';
  /**
   * WebAssembly cannot append to keys and values in place and would copy them out of its memory as a whole, so what a run
   * appends is an output of its own there. Where a device has one form for both, this says nothing. Default: native.
   */
  readonly runtime?: 'native' | 'wasm';
  /** Whether it gives the embedding of the likeliest token, so that the next run may follow by itself. Default: false. */
  readonly successor?: boolean;
};

/**
 * The language model, from input embeddings to logits; fulfils `decoderContract`, or `decoderStepContract` where it is
 * for single `steps`.
 */
export function buildDecoderGraph(
  { language }: Pick<ModelConfig, 'language'>,
  lowering: Lowering,
  { positions = 'any', runtime = 'native', successor = false }: DecoderForm = {},
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
  const appendsRows = lowering.capabilities.formPerRuntime && runtime === 'wasm';
  const hidden = layers(g, scaled, language, { lastPosition, totalLength }, appendsRows);
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
    if (successor) nextEmbeddings(g, found.ids, language);
    return g.build();
  }
  const logits = softCapped(g, head(g, rows, language), language.logitSoftCap, capScope); // [M, N]
  const top = g.topK(logits, candidates, decoder);
  if (positions === 'any') output('logits', logits);
  output('top_logits', top.values);
  output('top_ids', top.indices);
  if (successor) nextEmbeddings(g, top.indices, language);
  return g.build();
}

/**
 * Gives the embeddings of the likeliest tokens, `ids [M, k]`, as the next run takes them. Not for states that cannot be
 * wound back, and not for tables that are read by the host only.
 */
function nextEmbeddings(g: GraphBuilder, ids: Value, language: LanguageModelConfig): void {
  if (language.layerKinds.includes('linear')) return;
  const likeliest = g.reshape(g.gather(ids, g.integers([0]), 1, nextScope), [1, 'M'], nextScope);
  const rows = tableRows(g, textTable(language, g.lowering), likeliest, nextScope);
  if (rows === null) return;
  g.output(NEXT_EMBEDDINGS, rows, { dtype: 'float32', shape: [1, 'M', language.hiddenSize] });
  g.successor({
    choice: 'top_ids',
    feeds: { inputs_embeds: NEXT_EMBEDDINGS },
    counts: ['last_position', 'total_length'],
    length: 'total_length',
  });
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
  appendsRows: boolean,
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
      if (growingAxis === null || !appendsRows) {
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
