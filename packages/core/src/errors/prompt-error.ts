import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** Messages that do not form a prompt: placeholders and pictures differ, roles out of order, nothing to answer. */
export class PromptError extends OvisError {
  override readonly name = 'PromptError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('prompt', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is PromptError {
    return hasCode(value, 'prompt');
  }
}
