import { ImageError } from '@ovis/core';

/** Larger picture files are refused. */
export const MAX_IMAGE_BYTES = 256 * 2 ** 20;

/**
 * Bytes behind a URL: `data:` without any network, `http:` and `https:` by fetch. Stops reading as soon as
 * the answer is larger than {@link MAX_IMAGE_BYTES}.
 *
 * @throws ImageError when the URL cannot be read or is too large.
 */
export async function fetchBytes(url: URL, signal?: AbortSignal): Promise<Uint8Array> {
  const shown = url.protocol === 'data:' ? 'the data: URL' : url.href;
  let response: Response;
  try {
    response = await fetch(url, signal === undefined ? {} : { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImageError(`Cannot read ${shown}: ${String(cause)}. Check the address, or pass the picture's bytes.`, {
      cause,
    });
  }
  if (!response.ok || response.body === null) {
    throw new ImageError(`Cannot read ${shown}: the server answered ${response.status} ${response.statusText}.`);
  }
  return collect(response.body, shown, signal);
}

async function collect(body: ReadableStream<Uint8Array>, shown: string, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > MAX_IMAGE_BYTES) throw tooLarge(shown);
      chunks.push(value);
    }
  } catch (cause) {
    await reader.cancel().catch(() => undefined);
    signal?.throwIfAborted();
    if (ImageError.isInstance(cause)) throw cause;
    throw new ImageError(`Cannot read ${shown}: ${String(cause)}.`, { cause });
  }
  const bytes = new Uint8Array(length);
  chunks.reduce((offset, chunk) => {
    bytes.set(chunk, offset);
    return offset + chunk.length;
  }, 0);
  return bytes;
}

/** The error of a picture file that is too large. */
export function tooLarge(shown: string): ImageError {
  return new ImageError(
    `${shown} has more than ${MAX_IMAGE_BYTES} bytes, the most that is read. Pass a smaller picture.`,
  );
}
