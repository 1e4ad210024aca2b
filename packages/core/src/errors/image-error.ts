import { hasCode, OvisError, type OvisErrorOptions } from './ovis-error.ts';

/** A picture or video frame that cannot be decoded or used. */
export class ImageError extends OvisError {
  override readonly name = 'ImageError';

  constructor(message: string, options: OvisErrorOptions = {}) {
    super('image', message, options);
  }

  /** Whether `value` is this kind of error, from this or another copy of the package. */
  static override isInstance(value: unknown): value is ImageError {
    return hasCode(value, 'image');
  }
}
