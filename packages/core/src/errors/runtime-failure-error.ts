import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** The runtime failed while running a graph, for instance out of memory or a lost device. */
export class RuntimeFailureError extends OvisError {
  override readonly name = 'RuntimeFailureError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('runtime', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is RuntimeFailureError {
    return hasCode(value, 'runtime');
  }
}
