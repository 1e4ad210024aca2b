import type { ModelDescription } from '@ovis/core';

/** Views of a picture at two scales: the whole and its quarters. */
export const VIEWS_OF_TWO_SCALES = 5;

/** Views whose features make up the same visual tokens: 5 where a model has a second scale, else each for itself. */
export function viewsTogether({ preprocessing }: Pick<ModelDescription, 'preprocessing'>): number {
  const { secondScale = 'none' } = preprocessing.kind === 'tiles' ? preprocessing : {};
  return secondScale === 'none' ? 1 : VIEWS_OF_TWO_SCALES;
}
