import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A parameter or option outside its documented range. */
export class InvalidArgumentError extends OvisError {
  override readonly name = 'InvalidArgumentError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('invalid-argument', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is InvalidArgumentError {
    return hasCode(value, 'invalid-argument');
  }
}
