import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A file that could not be downloaded: the network failed, or the server refused. What came is kept where there is storage. */
export class DownloadError extends OvisError {
  override readonly name = 'DownloadError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('download', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is DownloadError {
    return hasCode(value, 'download');
  }
}
