import { ModelFileError } from '@ovis/core';
import { segmentsOf } from './expression-segments.ts';
import type { WeightExpression } from './weight-expression.ts';

/** Refuses a weight with a number that no answer could come of. @throws ModelFileError, always. */
export function notFinite(expression: WeightExpression, row: number): never {
  const names = segmentsOf(expression).flatMap(({ from }) => (from.op === 'tensor' ? [from.name] : []));
  throw new ModelFileError(
    `Row ${row} of ${[...new Set(names)].join(' + ')} holds NaN or an infinity; expected finite numbers. ` +
      'The file is damaged, or the model was trained to nonsense: download the checkpoint again.',
    { details: { tensors: names, row } },
  );
}
