import type { LanguageModelConfig } from '../checkpoint/language-model-config.ts';
import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { twoPassHead } from '../layers/two-pass-head.ts';
import { roughStorage } from '../lowering/weight-storage.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';

/** Rows whose scores are exact; the candidates are the best of these. */
const RESCORED = 256;

/** Smaller vocabularies are scored whole: there is little to save. */
const SMALLEST_VOCABULARY = 32 * RESCORED;

/** Scores before any cap, largest first, `[M, candidates]`, and the tokens; -1 where the first is not certain. */
export type LikeliestTokens = { readonly logits: Value; readonly ids: Value };

/** What is needed to find them. */
export type LikeliestTokensOptions = {
  /** `[N, D]`. */
  readonly weight: WeightExpression;
  readonly language: LanguageModelConfig;
  readonly candidates: number;
};

/**
 * The likeliest tokens after `rows [M, D]` without scoring the whole vocabulary exactly. Null where that does not pay or
 * cannot be done: a small vocabulary, a head that is not stored in blocks of 8 bits, a state that cannot be read again.
 */
export function likeliestTokens(
  g: GraphBuilder,
  rows: Value,
  { weight, language, candidates }: LikeliestTokensOptions,
  scope: Scope,
): LikeliestTokens | null {
  const { hiddenSize, vocabularySize, layerKinds } = language;
  const exact = g.lowering.storageOf(scope, hiddenSize, weight);
  if (vocabularySize < SMALLEST_VOCABULARY || layerKinds.includes('linear')) return null;
  if (exact.kind !== 'blocks' || exact.bits !== 8 || !exact.symmetric || hiddenSize % exact.blockSize !== 0)
    return null;
  const head = { weight, exact, rough: roughStorage(hiddenSize), rescored: RESCORED };
  const found = twoPassHead(g, rows, head, scope);
  const best = g.topK(found.logits, candidates, scope);
  const shape = best.indices.shape;
  const ids = g.single(
    {
      operator: 'GatherElements',
      inputs: [found.ids, best.indices],
      outputs: [{ dtype: 'int64', shape }],
      attributes: { axis: integer(1) },
    },
    scope,
  );
  const vouched = g.single(
    { operator: 'Where', inputs: [found.certain, ids, g.integers([-1])], outputs: [{ dtype: 'int64', shape }] },
    scope,
  );
  return { logits: best.values, ids: vouched };
}
