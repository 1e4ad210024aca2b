import { ModelFileError } from '@ovis/core';

/** Runs one operation on a file of a bundle; failures become errors that say what to do, above all a full disk. */
export async function diskErrors<T>(path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new ModelFileError(
        `The disk is full: ${path} could not be written. Free some space, choose a smaller dtype, or another folder.`,
        { cause, details: { file: path, reason: 'disk-full' } },
      );
    }
    throw new ModelFileError(`${path} of the bundle could not be written. Check the folder and its permissions.`, {
      cause,
      details: { file: path },
    });
  }
}
