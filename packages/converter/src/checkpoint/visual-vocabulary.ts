import { generationTraits, ModelFileError, type OvisGeneration } from '@ovis/core';

/** Shape of a tensor by its name; undefined where the checkpoint does not hold it. */
export type ShapeOf = (tensor: string) => readonly number[] | undefined;

/** Sizes of the visual vocabulary. */
export type VisualVocabulary = {
  /** `U`. */
  readonly words: number;
  readonly indicators: number;
  readonly warnings: readonly string[];
};

/** What a config tells about the visual vocabulary. */
export type ToldVocabulary = {
  /** Rows of the table, and where the config tells that. */
  readonly rows: number;
  readonly key: string;
  /** `use_indicators`, where the config has it. Not reliable: that of Ovis2-4B says false. */
  readonly useIndicators?: boolean | null | undefined;
};

/**
 * Splits the rows of the visual embedding table into words and indicators. The tensors decide: the head has a
 * row per word, and what the table has more are indicators. The config only knows the sum.
 *
 * @throws ModelFileError when the number of indicators is not the generation's; models of one view may have none.
 */
export function visualVocabulary(
  generation: OvisGeneration,
  shapeOf: ShapeOf,
  { rows, key, useIndicators }: ToldVocabulary,
): VisualVocabulary {
  const traits = generationTraits[generation];
  const expected = traits.indicators.length;
  const tableRows = shapeOf('vte.weight')?.[0] ?? rows;
  const words = shapeOf('visual_tokenizer.head.0.weight')?.[0] ?? tableRows - expected;
  const indicators = tableRows - words;
  const fits = indicators === expected || (traits.views === 'single' && indicators === 0);
  if (!fits || words < 1) {
    throw new ModelFileError(
      `The visual embedding table has ${tableRows} rows and the visual head ${words}, which leaves ${indicators} indicator ` +
        `rows; Ovis ${generation} has ${expected}. Do config.json and the weights belong to one model?`,
      { details: { tableRows, words, expected } },
    );
  }
  const warnings: string[] = [];
  if (tableRows !== rows) {
    warnings.push(`config.json says ${key} ${rows}, but the table has ${tableRows} rows; the tensors count.`);
  }
  // The published config of Ovis2-4B is among those that are wrong.
  if (typeof useIndicators === 'boolean' && useIndicators !== indicators > 0) {
    warnings.push(
      `config.json says "use_indicators" ${useIndicators}, but the table has ${indicators} indicator rows; the tensors count.`,
    );
  }
  return { words, indicators, warnings };
}
