import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { groupedQueryAttention } from '../layers/grouped-query-attention.ts';
import { linear } from '../layers/linear.ts';
import { namedProjections, queryKeyValue, type QueryKeyValue } from '../layers/query-key-value.ts';
import { headLayout } from '../lowering/head-size.ts';
import type { LayerContext } from './decoder-layer.ts';

/** Attention over keys and values of the past, from the normalised input to what is added to it, `[1, S, D]`. */
export function softmaxAttention(g: GraphBuilder, x: Value, scope: Scope, context: LayerContext): Value {
  const { hiddenSize, heads, keyValueHeads, headSize, queryKeyValueBias } = context.config;
  const sizes = { query: heads * headSize, keyValue: keyValueHeads * headSize };
  const projected = queryKeyValue(g, x, scope, namedProjections(scope, hiddenSize, sizes, queryKeyValueBias));
  const attended = attendToPast(g, projected, scope, context);
  return linear(g, attended, scope.child('o_proj'), { outputs: hiddenSize, bias: false });
}

/** What projected queries attend to, `[1, S, H*h]`; keys and values are kept. */
export function attendToPast(g: GraphBuilder, projected: QueryKeyValue, scope: Scope, context: LayerContext): Value {
  const { config, index, state } = context;
  const { keyValueHeads, headSize, rotarySize, queryKeyNorm, normEpsilon, normOffset } = config;
  const { storedSize } = headLayout(headSize, rotarySize);
  const cache = {
    dtype: 'float32',
    shape: [1, keyValueHeads, 'capacity', storedSize],
    growingAxis: 2,
  } as const;
  const [keys, values] = [state('key', cache), state('value', cache)];
  const { attended, present } = groupedQueryAttention(g, projected, scope, {
    heads: config.heads,
    keyValueHeads,
    headSize,
    headNorm: queryKeyNorm ? { epsilon: normEpsilon, offset: normOffset } : null,
    scale: config.attentionScale,
    softCap: config.attentionSoftCap,
    window: config.layerKinds[index] === 'sliding' ? config.slidingWindow : null,
    rotary: context.rotary,
    lastPosition: context.lastPosition,
    totalLength: context.totalLength,
    past: { key: keys.past, value: values.past },
  });
  keys.keep(present.key);
  values.keep(present.value);
  return attended;
}
