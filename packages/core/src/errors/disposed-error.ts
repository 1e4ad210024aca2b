import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** An object was used after it was disposed. */
export class DisposedError extends OvisError {
  override readonly name = 'DisposedError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('disposed', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is DisposedError {
    return hasCode(value, 'disposed');
  }
}
