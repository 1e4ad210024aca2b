import { InvalidArgumentError, type BundleManifest } from '@ovis/core';
import type { CompareOptions, Comparison, SampleComparison } from './comparison-types.ts';
import { overallOf } from './overall.ts';

/** Two models that are compared, wherever they are loaded. `Sample` is a question with what their platform has for pictures. */
export type ComparedPair<Sample> = {
  readonly reference: BundleManifest;
  readonly candidate: BundleManifest;
  /** Asks both one question, along so many tokens of the reference's answer. */
  readonly compare: (sample: Sample, maxNewTokens: number) => Promise<SampleComparison>;
};

/** Asks both models the same questions and measures how far apart they are, stage by stage. */
export async function compareModels<Sample>(
  { reference, candidate, compare }: ComparedPair<Sample>,
  samples: readonly Sample[],
  { maxNewTokens = 16, onProgress }: CompareOptions,
): Promise<Comparison> {
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1 || maxNewTokens > 512) {
    throw new InvalidArgumentError(`maxNewTokens is ${String(maxNewTokens)}; expected an integer from 1 to 512.`);
  }
  if (samples.length === 0) throw new InvalidArgumentError('There is nothing to compare: pass at least one sample.');
  checkAlike(reference, candidate);
  const compared: SampleComparison[] = [];
  for (const [index, sample] of samples.entries()) {
    onProgress?.({ phase: 'compare', item: `sample ${index + 1}`, done: index, total: samples.length });
    compared.push(await compare(sample, maxNewTokens));
  }
  return { samples: compared, overall: overallOf(compared) };
}

function checkAlike(a: BundleManifest, b: BundleManifest): void {
  if (sizesOf(a) === sizesOf(b)) return;
  throw new InvalidArgumentError(
    `The two models are not conversions of the same checkpoint (generation, vocabulary, hidden size, visual words: ` +
      `${sizesOf(a)} and ${sizesOf(b)}). Compare bundles of one model.`,
  );
}

function sizesOf({ model: { generation, language, vision } }: BundleManifest): string {
  return [generation, language.vocabularySize, language.hiddenSize, vision.visualVocabularySize].join(', ');
}
