import { InvalidArgumentError } from '@ovis/core';

/**
 * Checks an argument of the public functions.
 *
 * @throws InvalidArgumentError when it is no integer of the range.
 */
export function checkInteger(name: string, value: number, minimum: number, maximum: number, wayOut: string): void {
  if (Number.isSafeInteger(value) && value >= minimum && value <= maximum) return;
  throw new InvalidArgumentError(
    `${name} must be an integer from ${minimum} to ${maximum}; got ${String(value)}. ${wayOut}`,
    { details: { argument: name, minimum, maximum } },
  );
}
