import type { SampleComparison } from './comparison-types.ts';

/** Means over samples, weighted by their positions; the worst divergence is the largest. */
export function overallOf(samples: readonly SampleComparison[]): SampleComparison {
  const positions = samples.reduce((sum, sample) => sum + sample.positions, 0);
  const mean = (read: (sample: SampleComparison) => number) =>
    samples.reduce((sum, sample) => sum + read(sample) * sample.positions, 0) / positions;
  const visual = (read: (sample: SampleComparison) => number | null) => {
    const values = samples.map(read).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    visualEmbeddings: visual((sample) => sample.visualEmbeddings),
    sameVisualWord: visual((sample) => sample.sameVisualWord),
    entropyDifference: visual((sample) => sample.entropyDifference),
    logits: mean((sample) => sample.logits),
    divergence: mean((sample) => sample.divergence),
    worstDivergence: samples.reduce((worst, sample) => Math.max(worst, sample.worstDivergence), 0),
    sameToken: mean((sample) => sample.sameToken),
    positions,
  };
}
