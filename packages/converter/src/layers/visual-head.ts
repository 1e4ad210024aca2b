import { integer } from '../graph/attributes.ts';
import type { GraphBuilder } from '../graph/graph-builder.ts';
import { Scope } from '../graph/scope.ts';
import type { Value } from '../graph/value.ts';
import { layerNorm } from './norms.ts';
import { linear } from './linear.ts';
import { product } from './product.ts';

/** Sizes of the visual vocabulary. */
export type VisualHeadOptions = {
  /** `U`: visual words. */
  readonly visualVocabularySize: number;
  /** Rows of the table after the words, never part of a distribution. */
  readonly indicators: number;
  /** `D` of the language model. */
  readonly embeddingSize: number;
  /** Whether the embedding is the distribution's expectation, or the row of the likeliest word. */
  readonly tokenizeFunction: 'softmax' | 'argmax';
  /** `k`: words to report per token. */
  readonly topWords: number;
};

/** What is known about every visual token. */
export type VisualHead = {
  /** After the LayerNorm, `[V, U]`. */
  readonly logits: Value;
  /** Their softmax, `[V, U]`. */
  readonly probabilities: Value;
  /** `[V, D]`. */
  readonly embeddings: Value;
  /** int64 `[V, k]`, likeliest first. */
  readonly topWords: Value;
  /** `[V, k]`. */
  readonly topProbabilities: Value;
  /** Nats, `[V]`. */
  readonly entropy: Value;
};

/** PyTorch's default; no config can change it. */
const LOGIT_NORM_EPSILON = 1e-5;

/**
 * From merged features to visual words and embeddings: `softmax(LayerNorm(x W^T))`, then the expectation of
 * the visual embedding table (arXiv 2405.20797, section 3). `x` is `[V, m*m*d]`.
 */
export function visualHead(g: GraphBuilder, x: Value, options: VisualHeadOptions): VisualHead {
  const { visualVocabularySize: words, indicators, embeddingSize } = options;
  const head = new Scope('visualHead', ['visual_tokenizer', 'head']);
  const scores = linear(g, x, head.child('0'), { outputs: words, bias: false }); // [V, U]
  const logits = layerNorm(g, scores, head.child('1'), LOGIT_NORM_EPSILON);
  const probabilities = g.softmax(logits, head);
  const { values: topProbabilities, indices: topWords } = g.topK(probabilities, options.topWords, head);

  const vte = new Scope('visualTable', ['vte']);
  const table = vte.tensor('weight', [words + indicators, embeddingSize]);
  const weight = { op: 'rows', of: table, start: 0, end: words } as const;
  const distribution = options.tokenizeFunction === 'softmax' ? probabilities : oneHot(g, logits, words, head);
  const embeddings = product(g, distribution, { weight, axes: 'in-out', bias: null }, vte); // [V, D]
  const entropy = entropyOf(g, logits, probabilities, head);
  return { logits, probabilities, embeddings, topWords, topProbabilities, entropy };
}

/** 1 for the largest logit of each row, 0 elsewhere. */
function oneHot(g: GraphBuilder, logits: Value, words: number, scope: Scope): Value {
  const inputs = [g.argMax(logits, scope), g.integers([words]), g.floats([0, 1])];
  const outputs = [{ dtype: 'float32', shape: logits.shape }] as const;
  return g.single({ operator: 'OneHot', inputs, outputs, attributes: { axis: integer(-1) } }, scope);
}

/**
 * Entropy of each row's softmax. `-sum(p log p)` equals `log(sum(exp z)) - sum(p z)`, and the first term is
 * `max(z) - log(max(p))`: only one logarithm per row, and never of a probability that is 0.
 */
function entropyOf(g: GraphBuilder, logits: Value, probabilities: Value, scope: Scope): Value {
  const logSum = g.sub(g.max(logits, scope), g.log(g.max(probabilities, scope), scope), scope); // [V]
  const expected = g.sum(g.mul(probabilities, logits, scope), scope); // [V]
  return g.relu(g.sub(logSum, expected, scope), scope); // rounding may fall below 0
}
