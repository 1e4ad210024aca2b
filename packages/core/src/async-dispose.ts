/**
 * The key under which classes of the SDK offer asynchronous disposal. Some browsers lack
 * `Symbol.asyncDispose`; compiled `await using` then looks for this registered symbol.
 */
export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as typeof Symbol.asyncDispose);
