import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A checkpoint or bundle that is malformed for good (not a failed download): missing, truncated, lying or unsupported. */
export class ModelFileError extends OvisError {
  override readonly name = 'ModelFileError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('model-file', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is ModelFileError {
    return hasCode(value, 'model-file');
  }
}
