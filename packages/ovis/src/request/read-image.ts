import { ImageError, type ImageDecoder, type ImageSource, type RgbImage } from '@ovis/core';
import { rgbOf } from './raw-image.ts';
import { fetchBytes, MAX_IMAGE_BYTES, tooLarge } from './read-bytes.ts';

/** What reading pictures needs of the platform. */
export type ImageReader = {
  readonly images: ImageDecoder;
  readonly readPath: ((path: string, signal?: AbortSignal) => Promise<Uint8Array>) | null;
};

/**
 * A picture, wherever it comes from, as RGB pixels.
 *
 * @throws ImageError when it cannot be read or decoded.
 */
export async function readImage(source: ImageSource, reader: ImageReader, signal?: AbortSignal): Promise<RgbImage> {
  if (typeof source === 'object' && 'channels' in source) return rgbOf(source);
  const bytes = await bytesOf(source, reader, signal);
  try {
    return await reader.images.decode(bytes, signal);
  } catch (cause) {
    const name = nameOf(source);
    if (name === null || !ImageError.isInstance(cause)) throw cause;
    throw new ImageError(`${name}: ${cause.message}`, { cause, details: { ...cause.details, source: name } });
  }
}

/** What to call a picture in a message, where it has a name: of several, a reader wants to know which. */
function nameOf(source: ImageSource): string | null {
  if (source instanceof URL) return source.protocol === 'data:' ? null : source.href;
  return typeof source === 'string' && !/^data:/i.test(source) ? source : null;
}

async function bytesOf(
  source: Exclude<ImageSource, { readonly channels: number }>,
  { readPath }: ImageReader,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof Blob) {
    if (source.size > MAX_IMAGE_BYTES) throw tooLarge('The Blob');
    return new Uint8Array(await source.arrayBuffer());
  }
  if (source instanceof URL) return bytesOfUrl(source, readPath, signal);
  if (typeof source !== 'string') {
    throw new ImageError(
      `A picture must be a path, a URL object, a data: URL, a Uint8Array, a Blob or raw pixels; got ${typeof source}.`,
    );
  }
  if (/^data:/i.test(source)) return bytesOfUrl(dataUrl(source), readPath, signal);
  if (/^https?:/i.test(source)) {
    throw new ImageError(
      `A picture given as text is a path; to fetch ${source.slice(0, 200)} over the network pass \`new URL(...)\`.`,
    );
  }
  if (readPath === null) {
    throw new ImageError('There are no paths on this platform. Pass a URL object, a data: URL, a Blob or bytes.');
  }
  return readPath(source, signal);
}

function bytesOfUrl(url: URL, readPath: ImageReader['readPath'], signal?: AbortSignal): Promise<Uint8Array> {
  switch (url.protocol) {
    case 'data:':
    case 'http:':
    case 'https:':
      return fetchBytes(url, signal);
    case 'file:':
      if (readPath !== null) return readPath(url.href, signal);
      break;
    default:
  }
  throw new ImageError(
    `Pictures are read from data:, http:, https: and (in Node) file: URLs, not from ${url.protocol}`,
  );
}

function dataUrl(text: string): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw new ImageError('The data: URL of a picture is malformed. Expected data:image/png;base64,...', { cause });
  }
}
