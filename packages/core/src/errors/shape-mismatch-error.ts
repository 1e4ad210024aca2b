import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A tensor whose dimensions do not fit the place it is used in. */
export class ShapeMismatchError extends OvisError {
  override readonly name = 'ShapeMismatchError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('shape-mismatch', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is ShapeMismatchError {
    return hasCode(value, 'shape-mismatch');
  }
}
