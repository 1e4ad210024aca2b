import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import { mismatch, sizeAt } from '../graph/shape-rules.ts';
import { describe, type Value } from '../graph/value.ts';
import type { WeightExpression, WeightStorage } from '../weights/weight-expression.ts';
import { blockProduct } from './block-product.ts';
import { blockRows } from './table-rows.ts';

/** A vocabulary of which the likeliest tokens are looked for. */
export type TwoPassHead = {
  /** `[N, D]`. */
  readonly weight: WeightExpression;
  /** How rows are stored whose scores are returned: 8 bits, symmetric. */
  readonly exact: BlockStorage;
  /** How the matrix is stored that all rows are scored with first: 4 bits. */
  readonly rough: BlockStorage;
  /** Rows that are scored again. */
  readonly rescored: number;
};

type BlockStorage = Extract<WeightStorage, { readonly kind: 'blocks' }>;

/** Candidates, and whether one that was left out might be the likeliest. */
export type TwoPassScores = {
  /** `[M, rescored]`, in no order. */
  readonly logits: Value;
  /** int64 `[M, rescored]`. */
  readonly ids: Value;
  /** bool `[M, 1]`. */
  readonly certain: Value;
};

/**
 * A row that was left out would have to be rougher by this many times the usual error to be the likeliest. Errors of
 * sums over hundreds of rounded numbers are normally distributed: 8 times happens once in 10^15.
 */
const USUAL_ERRORS = 8;

/**
 * Scores of the likeliest tokens for `x [M, D]`. All rows are scored with a matrix of 4 bits, the best few hundred again
 * with their 8 bits: half the bytes of the whole head per token, which is what decoding waits for. The scores returned
 * are exact. How far the first ones were off tells whether any row below could still be the best.
 */
export function twoPassHead(g: GraphBuilder, x: Value, head: TwoPassHead, scope: Scope): TwoPassScores {
  const { weight, exact, rough, rescored } = head;
  const path = scope.path('twoPassHead');
  const width = sizeAt(path, x, -1);
  if (exact.bits !== 8 || !exact.symmetric || width % exact.blockSize !== 0) {
    mismatch(path, 'symmetric blocks of 8 bits that fill each row', `${describe(x)} and blocks of ${exact.blockSize}`);
  }
  const first = scope.child('first_pass');
  const { part } = scope;
  const roughParts = g.weight({ name: first.name('weight'), part, expression: weight, storage: rough });
  const outputs = sizeAt(path, roughParts[0] ?? x, 0);
  const all = blockProduct(g, x, roughParts, null, first, { ...rough, inputs: width, outputs }); // [M, N]
  const { values: guessed, indices: ids } = g.topK(all, rescored, first);

  const [codes = x, scales = x] = g.weight({ name: scope.name('weight'), part, expression: weight, storage: exact });
  const rows = blockRows(g, { codes, scales }, ids, scope); // [M, rescored, D]
  const [m = 'M'] = x.shape;
  const column = g.reshape(x, [m, width, 1], scope);
  const product = g.single(
    { operator: 'MatMul', inputs: [rows, column], outputs: [{ dtype: 'float32', shape: [m, rescored, 1] }] },
    scope,
  );
  const logits = g.reshape(product, [m, rescored], scope);
  return { logits, ids, certain: isCertain(g, logits, guessed, scope) };
}

/** Whether the best is further above the lowest guess than guesses are ever off. */
function isCertain(g: GraphBuilder, logits: Value, guessed: Value, scope: Scope): Value {
  const rescored = sizeAt(scope.path('twoPassHead'), logits, -1);
  const [m = 'M'] = logits.shape;
  const column = (value: Value) => g.reshape(value, [m, 1], scope);
  const floor = g.gather(guessed, g.integers([rescored - 1]), 1, scope); // [M, 1]: the guesses are in order
  const off = g.sub(logits, guessed, scope);
  const squares = column(g.mean(g.mul(off, off, scope), [1], scope));
  const usual = g.single({ operator: 'Sqrt', inputs: [squares], outputs: [squares] }, scope);
  const most = g.add(floor, g.mul(usual, g.floats([USUAL_ERRORS]), scope), scope);
  const best = column(g.max(logits, scope));
  return g.single({ operator: 'Greater', inputs: [best, most], outputs: [{ dtype: 'bool', shape: [m, 1] }] }, scope);
}
