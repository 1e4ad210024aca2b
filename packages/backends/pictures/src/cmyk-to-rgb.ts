/**
 * CMYK as Pillow converts it, without a colour profile: `255 - k` minus its part that the ink covers.
 *
 * @param cmyk - `[pixels, channels]`, 255 is all ink; channels after the fourth do not count.
 * @returns `[pixels, 3]`.
 */
export function cmykToRgb(cmyk: Uint8Array, channels: number): Uint8Array {
  const pixels = cmyk.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const light = 255 - (cmyk[pixel * channels + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = light - partOf(cmyk[pixel * channels + channel] ?? 0, light);
    }
  }
  return rgb;
}

/** `a * b / 255` rounded, the way Pillow's `MULDIV255` does it. */
function partOf(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
