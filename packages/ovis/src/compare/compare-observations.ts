import type { SampleComparison } from './comparison-types.ts';
import { argMax, divergence, relativeError } from './distances.ts';
import type { Observation } from './observe-sample.ts';

/** How far the candidate's observation of a sample is from the reference's, along the same answer. */
export function compareObservations(reference: Observation, candidate: Observation): SampleComparison {
  return {
    ...compareVisual(reference.visual, candidate.visual),
    ...compareLogits(reference.logits, candidate.logits, reference.along.length + 1),
  };
}

function compareVisual(a: Observation['visual'], b: Observation['visual']) {
  if (a.length === 0) return { visualEmbeddings: null, sameVisualWord: null, entropyDifference: null };
  let tokens = 0;
  let same = 0;
  let entropy = 0;
  let error = 0;
  for (const [index, item] of a.entries()) {
    const other = b[index];
    if (other === undefined) break;
    const words = item.wordsPerToken;
    for (let token = 0; token < item.length; token++) {
      if (item.topWords[token * words] === other.topWords[token * words]) same++;
      entropy += Math.abs((item.entropy[token] ?? 0) - (other.entropy[token] ?? 0));
    }
    tokens += item.length;
    error += relativeError(item.data, other.data) * item.length;
  }
  return { visualEmbeddings: error / tokens, sameVisualWord: same / tokens, entropyDifference: entropy / tokens };
}

function compareLogits(x: Float32Array, y: Float32Array, positions: number) {
  const vocabularySize = x.length / positions;
  let sum = 0;
  let worst = 0;
  let same = 0;
  for (let position = 0; position < positions; position++) {
    const row = (logits: Float32Array) => logits.subarray(position * vocabularySize, (position + 1) * vocabularySize);
    const distance = divergence(row(x), row(y));
    sum += distance;
    worst = Math.max(worst, distance);
    if (argMax(row(x)) === argMax(row(y))) same++;
  }
  return {
    logits: relativeError(x, y),
    divergence: sum / positions,
    worstDivergence: worst,
    sameToken: same / positions,
    positions,
  };
}
