import { ImageError } from '@ovis/core';

/**
 * The error of a file that cannot be what it was.
 *
 * @param format - Name of the format, for people: `GIF`.
 * @param what - What is wrong with the file: `it ends too early`.
 */
export function damagedPicture(format: string, what: string, cause?: unknown): ImageError {
  return new ImageError(`The ${format} picture is truncated or damaged: ${what}. Save it again.`, { cause });
}
