import { ImageError, type RawImage } from '@ovis/core';
import { imageFormat } from '@ovis/pictures';
import { foreignPicture } from './foreign-picture.ts';
import type { TransferredImage } from './transferred-image.ts';
import type { WebImageSource } from './web-image-source.ts';

/** A picture to post: `worker.postMessage(image, transfer)`. */
export type TransferableImage = { readonly image: TransferredImage; readonly transfer: readonly Transferable[] };

const FORMAT_BYTES = 64;

/**
 * Makes any picture of a page ready for a worker. What is drawn (canvas, video, bitmap) is taken as it is at the
 * moment of the call; the caller's object stays usable. An `<img>` is read as the file behind it, whose pixels are the
 * official code's, and as it is drawn only where its file cannot be had or is none that is decoded (SVG).
 *
 * @throws ImageError when there is no picture (yet), or it belongs to a site that does not share it.
 */
export async function toTransferableImage(source: WebImageSource, signal?: AbortSignal): Promise<TransferableImage> {
  signal?.throwIfAborted();
  if (typeof source === 'string') return asSource(source);
  if (source instanceof Uint8Array) return asBytes(source);
  if (typeof source === 'object' && source !== null && 'channels' in source) return asPixels(source);
  if (isA(source, 'ImageData')) return asPixels(rawImage(source));
  if (isA(source, 'Blob') || isA(source, 'File')) return asSource(source);
  if (isA(source, 'URL')) {
    if (source.protocol !== 'blob:') return { image: { kind: 'url', href: source.href }, transfer: [] };
    return asSource(await fetchBlob(source.href, signal));
  }
  if (isA(source, 'VideoFrame')) return asDrawing(cloneOf(source));
  if (isA(source, 'HTMLImageElement')) return imageElement(source, signal);
  if (isA(source, 'HTMLVideoElement') && source.readyState < source.HAVE_CURRENT_DATA) {
    throw new ImageError('The <video> shows no frame yet. Wait for its "loadeddata" event.');
  }
  if (
    isA(source, 'ImageBitmap') ||
    isA(source, 'HTMLCanvasElement') ||
    isA(source, 'OffscreenCanvas') ||
    isA(source, 'HTMLVideoElement')
  ) {
    return asDrawing(await bitmapOf(source));
  }
  throw new ImageError(
    'A picture must be a URL object, a data: URL, a Uint8Array, a Blob or File, raw pixels, ImageData, an ImageBitmap, ' +
      `a VideoFrame, a canvas, an <img> or a <video>; got ${Object.prototype.toString.call(source).slice(8, -1)}.`,
  );
}

type Kinds = {
  readonly Blob: Blob;
  readonly File: File;
  readonly URL: URL;
  readonly ImageData: ImageData;
  readonly ImageBitmap: ImageBitmap;
  readonly VideoFrame: VideoFrame;
  readonly OffscreenCanvas: OffscreenCanvas;
  readonly HTMLCanvasElement: HTMLCanvasElement;
  readonly HTMLImageElement: HTMLImageElement;
  readonly HTMLVideoElement: HTMLVideoElement;
};

/** Whether a value is an object of the platform, also one from another frame or where its class does not exist. */
function isA<K extends keyof Kinds>(value: unknown, kind: K): value is Kinds[K] {
  return Object.prototype.toString.call(value) === `[object ${kind}]`;
}

function asSource(source: string | Blob): TransferableImage {
  return { image: { kind: 'source', source }, transfer: [] };
}

/** Only the bytes that count travel, not all of a larger buffer that they lie in. */
function asBytes(bytes: Uint8Array): TransferableImage {
  const source = new Uint8Array(bytes);
  return { image: { kind: 'source', source }, transfer: [source.buffer] };
}

function asPixels(image: RawImage): TransferableImage {
  if (!ArrayBuffer.isView(image.data)) throw new ImageError('The data of a raw picture must be a Uint8Array.');
  const data = new Uint8Array(image.data);
  const { height, width, channels } = image;
  return { image: { kind: 'source', source: { height, width, channels, data } }, transfer: [data.buffer] };
}

function rawImage({ height, width, data }: ImageData): RawImage {
  if (!(data instanceof Uint8ClampedArray)) {
    throw new ImageError(
      'ImageData must have 8 bits per channel; got floating point. Ask for pixelFormat "rgba-unorm8".',
    );
  }
  return { height, width, channels: 4, data };
}

function asDrawing(drawing: ImageBitmap | VideoFrame): TransferableImage {
  return { image: { kind: 'drawing', drawing }, transfer: [drawing] };
}

function cloneOf(frame: VideoFrame): VideoFrame {
  try {
    return frame.clone();
  } catch (cause) {
    throw new ImageError('The VideoFrame is closed already. Close it after the answer has begun.', { cause });
  }
}

async function imageElement(image: HTMLImageElement, signal?: AbortSignal): Promise<TransferableImage> {
  try {
    await image.decode();
  } catch (cause) {
    throw new ImageError(`The <img> shows no picture: ${image.currentSrc.slice(0, 200) || 'it has no address'}.`, {
      cause,
    });
  }
  try {
    const blob = await fetchBlob(image.currentSrc, signal);
    imageFormat(new Uint8Array(await blob.slice(0, FORMAT_BYTES).arrayBuffer()));
    return asSource(blob);
  } catch {
    signal?.throwIfAborted();
    return asDrawing(await bitmapOf(image));
  }
}

async function fetchBlob(href: string, signal?: AbortSignal): Promise<Blob> {
  try {
    const response = await fetch(href, { cache: 'force-cache', ...(signal === undefined ? {} : { signal }) });
    if (response.ok) return await response.blob();
    throw new ImageError(`Cannot read ${href.slice(0, 200)}: the server answered ${response.status}.`);
  } catch (cause) {
    signal?.throwIfAborted();
    if (ImageError.isInstance(cause)) throw cause;
    throw new ImageError(`Cannot read ${href.slice(0, 200)}: ${String(cause)}.`, { cause });
  }
}

async function bitmapOf(drawing: CanvasImageSource): Promise<ImageBitmap> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(drawing);
  } catch (cause) {
    throw new ImageError(`There is no picture to take: ${String(cause)}. A canvas or bitmap needs pixels.`, { cause });
  }
  try {
    // A bitmap with pixels of another site cannot be posted at all; the message of a read one says more.
    const context = new OffscreenCanvas(1, 1).getContext('2d');
    context?.drawImage(bitmap, 0, 0);
    context?.getImageData(0, 0, 1, 1);
    return bitmap;
  } catch (cause) {
    bitmap.close();
    throw foreignPicture(cause);
  }
}
