import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** The browser's storage of models has no room, is in use, or cannot be read. */
export class StorageError extends OvisError {
  override readonly name = 'StorageError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('storage', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is StorageError {
    return hasCode(value, 'storage');
  }
}
