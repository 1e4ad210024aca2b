import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A loaded graph lacks the inputs, outputs or state that its contract promises. */
export class GraphContractError extends OvisError {
  override readonly name = 'GraphContractError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('graph-contract', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is GraphContractError {
    return hasCode(value, 'graph-contract');
  }
}
