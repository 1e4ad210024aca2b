import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A tokenizer file that cannot be used, or text that it cannot encode. */
export class TokenizerError extends OvisError {
  override readonly name = 'TokenizerError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('tokenizer', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is TokenizerError {
    return hasCode(value, 'tokenizer');
  }
}
