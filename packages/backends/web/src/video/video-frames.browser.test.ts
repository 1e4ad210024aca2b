import { ImageError, InvalidArgumentError } from '@ovis/core';
import { BufferTarget, CanvasSource, Output, WebMOutputFormat } from 'mediabunny';
import { beforeAll, expect, test } from 'vitest';
import { videoFrames } from './video-frames.ts';

const FRAMES = 20;
const [width, height] = [64, 48];
let file: Blob;

/** A video whose frames get brighter: frame `n` is grey of `10 * n`. */
beforeAll(async () => {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  const source = new CanvasSource(canvas, { codec: 'vp8', bitrate: 1e6, keyFrameInterval: 1 });
  output.addVideoTrack(source, { frameRate: 10 });
  await output.start();
  for (let frame = 0; frame < FRAMES; frame++) {
    if (context === null) throw new Error('no canvas');
    context.fillStyle = `rgb(${10 * frame} ${10 * frame} ${10 * frame})`;
    context.fillRect(0, 0, width, height);
    await source.add(frame / 10, 0.1);
  }
  await output.finalize();
  file = new Blob([target.buffer ?? new ArrayBuffer(0)], { type: 'video/webm' });
});

/** Which frame a picture is, by its grey. */
const numberOf = ({ data }: { readonly data: Uint8Array | Uint8ClampedArray }) => Math.round((data[0] ?? 0) / 10);

test('gives the middles of equal stretches, in the size of the video', async () => {
  const frames = await videoFrames(file, { frames: 5 });
  expect(frames.map(numberOf)).toEqual([2, 6, 10, 14, 18]);
  expect(frames[0]).toMatchObject({ height, width, channels: 3 });
  expect(frames[0]?.data.length).toBe(height * width * 3);
});

test('gives all frames of a short video', async () => {
  expect((await videoFrames(file, { frames: 50 })).map(numberOf)).toEqual(Array.from({ length: FRAMES }, (_, n) => n));
});

test('reads addresses and <video> elements', async () => {
  const address = URL.createObjectURL(file);
  expect((await videoFrames(new URL(address), { frames: 2 })).map(numberOf)).toEqual([5, 15]);
  const element = document.createElement('video');
  element.src = address;
  await new Promise((resolve) => element.addEventListener('loadedmetadata', resolve));
  expect((await videoFrames(element, { frames: 1 })).map(numberOf)).toEqual([10]);
});

test.each([
  ['text', () => new Blob(['hello']), /truncated or damaged, or of an unknown kind/u],
  ['a beginning', () => file.slice(0, 100), /truncated/u],
  ['a <video> without a file', () => document.createElement('video'), /plays no file/u],
  ['a number', () => 7 as unknown as Blob, /must be a Blob/u],
])('refuses %s', async (_, make, message) => {
  const taking = videoFrames(make());
  await expect(taking).rejects.toBeInstanceOf(ImageError);
  await expect(taking).rejects.toThrow(message);
});

test('refuses too many pixels, and numbers of frames that are none', async () => {
  await expect(videoFrames(file, { maxPixels: 100 })).rejects.toThrow(/at most 100 pixels/u);
  for (const frames of [0, 1.5, 2000]) {
    await expect(videoFrames(file, { frames })).rejects.toBeInstanceOf(InvalidArgumentError);
  }
});

test('stops when it is aborted', async () => {
  await expect(videoFrames(file, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
  const controller = new AbortController();
  const taking = videoFrames(file, { signal: controller.signal });
  setTimeout(() => controller.abort('late'), 1);
  await expect(taking).rejects.toBe('late');
});
