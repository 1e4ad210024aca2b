import type { VisionConfig } from '../checkpoint/checkpoint-config.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { gatedMlp } from '../layers/gated-mlp.ts';
import { linear } from '../layers/linear.ts';
import { multiHeadAttention } from '../layers/multi-head-attention.ts';
import { rmsNorm } from '../layers/norms.ts';
import { patchEmbedding } from '../layers/patch-embedding.ts';
import { queryKeyValue, separated, type Projections } from '../layers/query-key-value.ts';
import { vector } from '../layers/vector.ts';
import type { VisionTower } from './vision-tower.ts';

const backbone = new Scope('vit', ['visual_tokenizer', 'backbone']);

/** AIMv2, the vision tower of Ovis2 (`ovis/model/visual_tokenizer/modeling_aimv2.py`, branch v2.0). */
export const aimv2: VisionTower = {
  kind: 'tiled',
  unused: [
    {
      pattern: /^visual_tokenizer\.backbone\.trunk\.post_trunk_norm\.weight$/,
      reason: 'final norm of the vision tower; Ovis takes the features before it',
    },
  ],
  features(g, patches, config) {
    let x = embeddings(g, patches, config);
    for (let index = 0; index < config.layers; index++) {
      x = block(g, x, backbone.child('trunk').child('blocks', index), config);
    }
    return x; // [B, P, d]
  },
};

function embeddings(g: GraphBuilder, patches: Value, config: VisionConfig): Value {
  const scope = backbone.child('preprocessor');
  const patchifier = scope.child('patchifier');
  const x = rmsNorm(
    g,
    patchEmbedding(g, patches, patchifier.child('proj'), config),
    patchifier.child('norm'),
    config.normEpsilon,
  );
  const shape = [1, config.gridSide ** 2, config.hiddenSize];
  const positions = vector(g, scope.tensor('pos_embed', shape), scope, 'pos_embed');
  return g.add(x, positions, scope); // [B, P, d]
}

function block(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig): Value {
  const { normEpsilon, feedForwardSize, linearBias } = config;
  const attended = attention(g, rmsNorm(g, x, scope.child('norm_1'), normEpsilon), scope.child('attn'), config);
  const between = g.add(x, attended, scope);
  const names = { gate: 'fc1', up: 'fc3', down: 'fc2' };
  const fed = gatedMlp(g, rmsNorm(g, between, scope.child('norm_2'), normEpsilon), scope.child('mlp'), {
    ...names,
    feedForwardSize,
    bias: linearBias,
  });
  return g.add(between, fed, scope);
}

function attention(g: GraphBuilder, x: Value, scope: Scope, config: VisionConfig): Value {
  const projected = separated(g, queryKeyValue(g, x, scope, fusedProjections(scope.child('qkv'), config)), scope);
  const attended = multiHeadAttention(g, projected, scope, config.heads);
  return linear(g, attended, scope.child('proj'), { outputs: config.hiddenSize, bias: config.linearBias });
}

/** The checkpoint stacks the three matrices: rows `0..d` are the queries', then keys', then values'. */
function fusedProjections(scope: Scope, { hiddenSize: d, queryKeyValueBias }: VisionConfig): Projections {
  const weight = scope.tensor('weight', [3 * d, d]);
  const bias = scope.tensor('bias', [3 * d]);
  const third = (index: number, name: string) => ({
    name,
    weight: { op: 'rows', of: weight, start: index * d, end: (index + 1) * d } as const,
    bias: queryKeyValueBias ? ({ op: 'rows', of: bias, start: index * d, end: (index + 1) * d } as const) : null,
  });
  return { query: third(0, 'q_proj'), key: third(1, 'k_proj'), value: third(2, 'v_proj') };
}
