import { generationTraits, ModelFileError } from '@ovis/core';
import type { ConvertibleGeneration } from './detect-generation.ts';

/** Shape of a tensor by its name; undefined where the checkpoint does not hold it. */
export type ShapeOf = (tensor: string) => readonly number[] | undefined;

/** Sizes of the visual vocabulary. */
export type VisualVocabulary = {
  /** `U`. */
  readonly words: number;
  readonly indicators: number;
  readonly warnings: readonly string[];
};

/**
 * Splits the rows of the visual embedding table into words and indicators. The tensors decide: the head has a
 * row per word, and what the table has more are indicators. The config only knows the sum.
 *
 * @param rows - Rows of the table as the config tells.
 * @param key - Where it tells that.
 * @throws ModelFileError when the number of indicators is not the generation's.
 */
export function visualVocabulary(
  generation: ConvertibleGeneration,
  shapeOf: ShapeOf,
  rows: number,
  key: string,
): VisualVocabulary {
  const expected = generationTraits[generation].indicators.length;
  const tableRows = shapeOf('vte.weight')?.[0] ?? rows;
  const words = shapeOf('visual_tokenizer.head.0.weight')?.[0] ?? tableRows - expected;
  const indicators = tableRows - words;
  if (indicators !== expected || words < 1) {
    throw new ModelFileError(
      `The visual embedding table has ${tableRows} rows and the visual head ${words}, which leaves ${indicators} indicator ` +
        `rows; Ovis ${generation} has ${expected}. Do config.json and the weights belong to one model?`,
      { details: { tableRows, words, expected } },
    );
  }
  const warnings =
    tableRows === rows
      ? []
      : [`config.json says ${key} ${rows}, but the table has ${tableRows} rows; the tensors count.`];
  return { words, indicators, warnings };
}
