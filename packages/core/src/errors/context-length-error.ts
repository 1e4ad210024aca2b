import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A prompt, or prompt and answer, longer than the model can hold. */
export class ContextLengthError extends OvisError {
  override readonly name = 'ContextLengthError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('context-length', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is ContextLengthError {
    return hasCode(value, 'context-length');
  }
}
