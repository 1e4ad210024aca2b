import type { Value } from '../graph/value.ts';
import type { RotaryTables } from './rotary-embedding.ts';

/** Keys and values of all positions so far, `[1, K, capacity, stored head size]` each. */
export type KeyValue = { readonly key: Value; readonly value: Value };

/** What was attended to, `[1, S, H*h]`, and the keys and values that the next run starts from. */
export type Attended = { readonly attended: Value; readonly present: KeyValue };

/** What a decoder's attention needs besides its projections. */
export type GroupedQueryAttentionOptions = {
  /** `H`. */
  readonly heads: number;
  /** `K`; each serves `H / K` query heads. */
  readonly keyValueHeads: number;
  /** `h`. */
  readonly headSize: number;
  /** RMSNorm on every head's query and key (`headNorm`), or null where there is none. */
  readonly headNorm: { readonly epsilon: number; readonly offset: 0 | 1 } | null;
  /** Factor of the scores. */
  readonly scale: number;
  /** `c` of `c * tanh(score / c)`, or null for scores as they are. */
  readonly softCap: number | null;
  /** Positions that are attended to, the current one included; null for all. */
  readonly window: number | null;
  /** Tables over all positions of the context. */
  readonly rotary: RotaryTables;
  /** int32 `[1]`: index of the last new position. */
  readonly lastPosition: Value;
  /** int32 `[1]`: past plus new positions. */
  readonly totalLength: Value;
  readonly past: KeyValue;
};
