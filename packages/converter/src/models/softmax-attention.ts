import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { compressedAttention } from '../layers/compressed-attention.ts';
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
  const cache = <T extends 'float32' | 'int8'>(dtype: T, size: number) =>
    ({ dtype, shape: [1, keyValueHeads, 'capacity', size], growingAxis: 2 }) as const;
  const options = {
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
  };
  if (g.lowering.keyValues === 'int8') {
    const rows = (part: string) => ({
      codes: state(part, cache('int8', storedSize)),
      scales: state(`${part}_scale`, cache('float32', 1)),
    });
    const [keys, values] = [rows('key'), rows('value')];
    const past = {
      key: { codes: keys.codes.past, scales: keys.scales.past },
      value: { codes: values.codes.past, scales: values.scales.past },
    };
    const { attended, present } = compressedAttention(g, projected, scope, { ...options, past });
    keys.codes.keep(present.key.codes);
    keys.scales.keep(present.key.scales);
    values.codes.keep(present.value.codes);
    values.scales.keep(present.value.scales);
    return attended;
  }
  const [keys, values] = [state('key', cache('float32', storedSize)), state('value', cache('float32', storedSize))];
  const past = { key: keys.past, value: values.past };
  const { attended, present } = groupedQueryAttention(g, projected, scope, { ...options, past });
  keys.keep(present.key);
  values.keep(present.value);
  return attended;
}
