import { InvalidArgumentError } from './invalid-argument-error.ts';
import { ModelFileError } from './model-file-error.ts';
import { WeightMismatchError } from './weight-mismatch-error.ts';
import { GraphContractError } from './graph-contract-error.ts';
import { ShapeMismatchError } from './shape-mismatch-error.ts';
import { TokenizerError } from './tokenizer-error.ts';
import { PromptError } from './prompt-error.ts';
import { ImageError } from './image-error.ts';
import { ContextLengthError } from './context-length-error.ts';
import { BackendUnavailableError } from './backend-unavailable-error.ts';
import { RuntimeFailureError } from './runtime-failure-error.ts';
import { DownloadError } from './download-error.ts';
import { StorageError } from './storage-error.ts';
import { DisposedError } from './disposed-error.ts';
import { OvisError, type OvisErrorCode, type OvisErrorDetails, type OvisErrorOptions } from './ovis-error.ts';

/** An error as plain data, to cross a thread or a wire. */
export type ErrorRecord = {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: OvisErrorCode;
  readonly details?: OvisErrorDetails;
  readonly cause?: ErrorRecord;
};

const classes: Readonly<Record<OvisErrorCode, new (message: string, options?: OvisErrorOptions) => OvisError>> = {
  'invalid-argument': InvalidArgumentError,
  'model-file': ModelFileError,
  'weight-mismatch': WeightMismatchError,
  'graph-contract': GraphContractError,
  'shape-mismatch': ShapeMismatchError,
  tokenizer: TokenizerError,
  prompt: PromptError,
  image: ImageError,
  'context-length': ContextLengthError,
  'backend-unavailable': BackendUnavailableError,
  runtime: RuntimeFailureError,
  download: DownloadError,
  storage: StorageError,
  disposed: DisposedError,
};

/** Writes an error down as plain data; causes are followed eight deep. */
export function toErrorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...(OvisError.isInstance(error) ? { code: error.code, details: error.details } : {}),
    ...(error.cause === undefined || depth >= 8 ? {} : { cause: toErrorRecord(error.cause, depth + 1) }),
  };
}

/** Makes an error of the right class from its record. */
export function fromErrorRecord(record: ErrorRecord): Error {
  const cause = record.cause === undefined ? undefined : fromErrorRecord(record.cause);
  if (record.code !== undefined) {
    return new classes[record.code](record.message, { cause, details: record.details ?? {} });
  }
  const error = new Error(record.message, cause === undefined ? undefined : { cause });
  error.name = record.name;
  return error;
}
