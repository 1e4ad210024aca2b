import { float, integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { CONTRIB } from '../graph/graph-recorder.ts';
import type { Scope } from '../graph/scope.ts';
import { layoutOf, type AttentionInputs } from './attention-inputs.ts';
import type { Attended, GroupedQueryAttentionOptions } from './grouped-query-attention-options.ts';

/** ONNX Runtime's attention operator, on a past of floats. */
export function fusedAttention(
  g: GraphBuilder,
  { fused: [query, key, value] }: Pick<AttentionInputs, 'fused'>,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): Attended {
  const { heads, keyValueHeads, rotary, past } = options;
  const { storedSize, rotation } = layoutOf(options);
  const tables = rotation === 'inside' ? [rotary.cosines, rotary.sines] : [];
  const [batch = 1, length = 'S'] = query.shape;
  const cache = { dtype: 'float32', shape: [batch, keyValueHeads, 'capacity', storedSize] } as const;
  const [attended = query, presentKey = query, presentValue = query] = g.node(
    {
      operator: 'GroupQueryAttention',
      domain: CONTRIB,
      inputs: [query, key, value, past.key, past.value, options.lastPosition, options.totalLength, ...tables],
      outputs: [{ dtype: 'float32', shape: [batch, length, heads * storedSize] }, cache, cache],
      attributes: {
        num_heads: integer(heads),
        kv_num_heads: integer(keyValueHeads),
        scale: float(options.scale),
        do_rotary: integer(rotation === 'inside' ? 1 : 0),
        ...(options.softCap === null ? {} : { softcap: float(options.softCap) }),
        ...(options.window === null ? {} : { local_window_size: integer(options.window) }),
      },
    },
    scope,
  );
  return { attended, present: { key: presentKey, value: presentValue } };
}
