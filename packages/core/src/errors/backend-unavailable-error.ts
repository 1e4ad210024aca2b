import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A runtime or device that is not there; the message names the command that installs it. */
export class BackendUnavailableError extends OvisError {
  override readonly name = 'BackendUnavailableError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('backend-unavailable', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is BackendUnavailableError {
    return hasCode(value, 'backend-unavailable');
  }
}
