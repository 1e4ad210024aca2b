/**
 * Grey of 16 bits as Pillow converts it: values above 255 are white, they are not scaled.
 *
 * @param grey - `[pixels, channels]`; only the first channel counts.
 * @returns `[pixels, 3]`.
 */
export function grey16ToRgb(grey: Uint16Array, channels: number): Uint8Array {
  const pixels = grey.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    rgb.fill(Math.min(255, grey[pixel * channels] ?? 0), pixel * 3, pixel * 3 + 3);
  }
  return rgb;
}
