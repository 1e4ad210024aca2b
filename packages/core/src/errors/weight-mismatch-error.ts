import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** Tensors of a checkpoint and weights of the graphs disagree; `details.offenders` lists every missing, unused or misshapen one. */
export class WeightMismatchError extends OvisError {
  override readonly name = 'WeightMismatchError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('weight-mismatch', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is WeightMismatchError {
    return hasCode(value, 'weight-mismatch');
  }
}
