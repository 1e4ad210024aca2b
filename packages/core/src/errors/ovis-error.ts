/** Machine-readable kind of an {@link OvisError}. */
export type OvisErrorCode =
  | 'invalid-argument'
  | 'model-file'
  | 'weight-mismatch'
  | 'graph-contract'
  | 'shape-mismatch'
  | 'tokenizer'
  | 'prompt'
  | 'image'
  | 'context-length'
  | 'backend-unavailable'
  | 'runtime'
  | 'download'
  | 'storage'
  | 'disposed';

/** Extra facts of an error, so that callers need not parse the message. Plain data only. */
export type OvisErrorDetails = Readonly<Record<string, unknown>>;

/** What every error constructor takes after the message. */
export type OvisErrorOptions = { readonly cause?: unknown; readonly details?: OvisErrorDetails };

const marker = Symbol.for('ovis.error');

/**
 * Base of every error the SDK throws on purpose. The message says what was expected, what came, where,
 * and the way out. An aborted operation is not an error of ours: it throws the signal's `reason`.
 */
export class OvisError extends Error {
  override readonly name: string = 'OvisError';
  /** What kind of error this is; branch on it, not on the message. */
  readonly code: OvisErrorCode;
  /** Facts of the error as plain data. */
  readonly details: OvisErrorDetails;

  constructor(code: OvisErrorCode, message: string, options: OvisErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    Object.defineProperty(this, marker, { value: true });
  }

  /** Whether `value` is an error of this SDK; also holds with two copies of the package installed. */
  static isInstance(value: unknown): value is OvisError {
    return value instanceof Error && marker in value;
  }
}

/** Whether `value` is an SDK error of this kind. @internal */
export function hasCode(value: unknown, code: OvisErrorCode): boolean {
  return OvisError.isInstance(value) && value.code === code;
}
