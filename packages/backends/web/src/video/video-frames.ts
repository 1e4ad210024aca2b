import { ImageError, InvalidArgumentError, OvisError, type RawImage } from '@ovis/core';
import { assertPixelSize, MAX_PIXELS } from '@ovis/pictures';
import type { InputVideoTrack, Source } from 'mediabunny';
import { drawnPixels } from '../image/drawn-pixels.ts';
import { loadMediabunny, type Mediabunny } from './load-mediabunny.ts';
import { pickFrames } from './pick-frames.ts';

/** A video: its file, its address, or the `<video>` that plays it. */
export type VideoSource = Blob | URL | HTMLVideoElement;

/** Which frames are taken. */
export type VideoFramesOptions = {
  /** Most frames, in [1, 1024]; a shorter video gives all it has. Default: 8. */
  readonly frames?: number | undefined;
  /** Most pixels (height times width) of a frame. Default: 178,956,970, as for pictures. */
  readonly maxPixels?: number | undefined;
  /** Ends it; the promise rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined;
};

/**
 * Frames of a video at equal distances, as pictures for a video question:
 * `{ type: 'video', frames: await videoFrames(file, { frames: 8 }) }`. Needs the package mediabunny, which is loaded at the
 * first call. Of an address only the parts that are needed are fetched; turned videos come out as they are shown. How
 * colours of a video become RGB is the browser's choice, and may differ from other programs by a few steps.
 *
 * @throws ImageError when there is no video that this browser decodes; BackendUnavailableError without mediabunny or
 *   WebCodecs; InvalidArgumentError; `signal.reason`.
 */
export async function videoFrames(source: VideoSource, options: VideoFramesOptions = {}): Promise<readonly RawImage[]> {
  const { frames: count = 8, maxPixels = MAX_PIXELS, signal } = options;
  if (!Number.isSafeInteger(count) || count < 1 || count > 1024) {
    throw new InvalidArgumentError(`frames is ${String(count)}; expected a whole number from 1 to 1024.`);
  }
  signal?.throwIfAborted();
  const mediabunny = await loadMediabunny();
  const input = new mediabunny.Input({
    source: await inputSource(source, mediabunny, signal),
    formats: mediabunny.ALL_FORMATS,
  });
  // Ends reads that wait for the network, too.
  const stop = () => input.dispose();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const track = await decodableTrack(await input.getPrimaryVideoTrack());
    const timestamps = await timestampsOf(track, mediabunny, signal);
    const wanted = pickFrames(timestamps.length, count).map((frame) => timestamps[frame] ?? 0);
    const frames: RawImage[] = [];
    for await (const sample of new mediabunny.VideoSampleSink(track).samplesAtTimestamps(wanted)) {
      if (sample === null) throw damaged('a frame is missing');
      try {
        signal?.throwIfAborted();
        const { displayHeight: height, displayWidth: width } = sample;
        assertPixelSize(height, width, maxPixels);
        const canvas = new OffscreenCanvas(width, height);
        const context = canvas.getContext('2d', { willReadFrequently: true });
        if (context === null) throw new ImageError('This browser gave no canvas to draw frames on. Reload the page.');
        sample.draw(context, 0, 0);
        frames.push({
          height,
          width,
          channels: 3,
          data: await drawnPixels(canvas, { height, width, maxPixels, signal }),
        });
      } finally {
        sample.close();
      }
    }
    return frames;
  } catch (error) {
    signal?.throwIfAborted();
    if (OvisError.isInstance(error)) throw error;
    throw damaged(error instanceof Error ? error.message : String(error), error);
  } finally {
    signal?.removeEventListener('abort', stop);
    input.dispose();
  }
}

async function inputSource(source: VideoSource, mediabunny: Mediabunny, signal?: AbortSignal): Promise<Source> {
  if (source instanceof Blob) return new mediabunny.BlobSource(source);
  const address = source instanceof URL ? source.href : addressOf(source);
  if (/^https?:/u.test(address)) return new mediabunny.UrlSource(address);
  try {
    const response = await fetch(address, signal === undefined ? {} : { signal });
    return new mediabunny.BlobSource(await response.blob());
  } catch (cause) {
    signal?.throwIfAborted();
    throw new ImageError(`Cannot read the video ${address.slice(0, 200)}: ${String(cause)}.`, { cause });
  }
}

function addressOf(source: Exclude<VideoSource, Blob | URL>): string {
  const address: unknown =
    typeof source === 'object' && source !== null && 'currentSrc' in source ? source.currentSrc : null;
  if (typeof address === 'string' && address !== '') return address;
  throw new ImageError(
    address === ''
      ? 'The <video> plays no file (a camera, or nothing yet). Pass the element itself as a picture at each moment.'
      : 'A video must be a Blob or File, a URL object or a <video> element.',
  );
}

async function decodableTrack(track: InputVideoTrack | null): Promise<InputVideoTrack> {
  if (track === null)
    throw new ImageError(
      'There is no video in the file; it may be truncated. Pass a whole MP4, WebM, MOV or MKV file.',
    );
  if (await track.canDecode()) return track;
  throw new ImageError(
    `This browser does not decode videos of the kind ${track.codec ?? 'of this file'}. Convert it to H.264 or VP9.`,
  );
}

/** When each frame is shown, in seconds, in the order they are shown. */
async function timestampsOf(
  track: InputVideoTrack,
  { EncodedPacketSink }: Mediabunny,
  signal: AbortSignal | undefined,
): Promise<readonly number[]> {
  const timestamps: number[] = [];
  const packets = new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true });
  for await (const { timestamp } of packets) {
    signal?.throwIfAborted();
    timestamps.push(timestamp);
  }
  if (timestamps.length === 0) throw damaged('it has no frame');
  return timestamps.toSorted((left, right) => left - right);
}

function damaged(what: string, cause?: unknown): ImageError {
  return new ImageError(`The video is truncated or damaged, or of an unknown kind: ${what}.`, { cause });
}
