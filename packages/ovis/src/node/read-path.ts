import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ImageError } from '@ovis/core';
import { MAX_IMAGE_BYTES, tooLarge } from '../request/read-bytes.ts';

/**
 * Bytes of a picture file, by path or `file:` URL.
 *
 * @throws ImageError when there is no such file, it is a folder, or it is too large.
 */
export async function readPath(path: string, signal?: AbortSignal): Promise<Uint8Array> {
  const file = path.startsWith('file:') ? fileURLToPath(path) : path;
  try {
    const { size } = await stat(file);
    if (size > MAX_IMAGE_BYTES) throw tooLarge(file);
    return await readFile(file, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    if (ImageError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new ImageError(`Cannot read the picture ${file} (${reason}). Check the path.`, { cause });
  }
}
