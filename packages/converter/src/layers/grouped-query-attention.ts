import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { attentionInputs, firstPosition, layoutOf, type AttentionInputs } from './attention-inputs.ts';
import { rowPlaces } from './cached-rows.ts';
import { either } from './either.ts';
import { fusedAttention } from './fused-attention.ts';
import type { Attended, GroupedQueryAttentionOptions } from './grouped-query-attention-options.ts';
import { cutHeads } from './pad-heads.ts';
import type { QueryKeyValue } from './query-key-value.ts';
import { isSinglePosition, positionsSoFar, visiblePositions } from './single-position.ts';
import { streamedAttention } from './streamed-attention.ts';

/**
 * Causal attention of the new positions to the past and to themselves, with rotary positions; the operator
 * appends the new keys and values to the past.
 *
 * @param projected - Queries `[1, S, H*h]`, keys and values `[1, S, K*h]`, before norm and rotation.
 * @returns What was attended to, `[1, S, H*h]`, and the keys and values that the next run starts from.
 */
export function groupedQueryAttention(
  g: GraphBuilder,
  projected: QueryKeyValue,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): Attended {
  const { heads, headSize } = options;
  const { storedSize } = layoutOf(options);
  const inputs = attentionInputs(g, projected, scope, options);
  const from = g.lowering.capabilities.streamedAttentionFrom;
  const { attended, present } =
    from === null ? fusedAttention(g, inputs, scope, options) : branches(g, inputs, from, scope, options);
  return { attended: cutHeads(g, attended, scope, { heads, headSize, storedSize }), present };
}

/** The fused operator, or {@link streamedAttention} where there is one new position after a long past. */
function branches(
  g: GraphBuilder,
  inputs: AttentionInputs,
  from: number,
  scope: Scope,
  options: GroupedQueryAttentionOptions,
): Attended {
  const [query] = inputs.fused;
  const applies = isSinglePosition(g, query, from, scope, options);
  const rows = rowPlaces(g, positionsSoFar(g, scope, options).last, scope, options.keyValueHeads);
  const bias = visiblePositions(g, options.past.key, scope, options);
  const start = firstPosition(g, query, scope, options);
  const [attended = query, key = query, value = query] = either(
    g,
    applies,
    scope,
    () => values(streamedAttention(g, inputs.rotated(start), scope, { rows, bias }, options)),
    () => values(fusedAttention(g, inputs, scope, options)),
  );
  return { attended, present: { key, value } };
}

function values({ attended, present }: Attended): readonly Value[] {
  return [attended, present.key, present.value];
}
