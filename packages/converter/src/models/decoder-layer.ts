import type { TensorSpec } from '@ovis/core';
import type { LanguageModelConfig } from '../checkpoint/language-model-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import type { GroupedQueryAttentionOptions } from '../layers/grouped-query-attention-options.ts';

/** A state tensor of one layer: what earlier runs left, and where this run leaves what comes after it. */
export type LayerState = { readonly past: Value; readonly keep: (present: Value) => void };

/** What a decoder layer gets besides its input: its number, where its positions are, and what came before them. */
export type LayerContext = Pick<GroupedQueryAttentionOptions, 'rotary' | 'lastPosition' | 'totalLength'> & {
  /** Number of the layer, from 0. */
  readonly index: number;
  readonly config: LanguageModelConfig;
  /** Declares a state of this layer; `growingAxis` is null for one of fixed size. */
  readonly state: (part: string, spec: TensorSpec & { readonly growingAxis: number | null }) => LayerState;
};

/** One decoder layer. `x` and the result are `[1, S, D]`; `scope` is the layer's place in the checkpoint. */
export type DecoderLayer = (g: GraphBuilder, x: Value, scope: Scope, context: LayerContext) => Value;
