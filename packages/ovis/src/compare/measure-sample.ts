import { compareObservations } from './compare-observations.ts';
import type { CompareSample, SampleComparison } from './comparison-types.ts';
import { observeSample, type ComparedModel, type Observation } from './observe-sample.ts';

/** Asks the candidate what the reference was asked, along the same answer, and measures how far it is from it. */
export async function measureSample(
  candidate: ComparedModel,
  sample: CompareSample,
  reference: Observation,
  signal: AbortSignal | undefined,
): Promise<SampleComparison> {
  return compareObservations(reference, await observeSample(candidate, sample, { along: reference.along }, signal));
}
