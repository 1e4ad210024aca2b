/**
 * CMYK as Pillow converts it, without a colour profile: `255 - k` minus its part that the ink covers.
 *
 * @param cmyk - `[pixels, 4]`, 255 is all ink.
 * @returns `[pixels, 3]`.
 */
export function cmykToRgb(cmyk: Uint8Array): Uint8Array {
  const pixels = cmyk.length / 4;
  const rgb = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const light = 255 - (cmyk[pixel * 4 + 3] ?? 0);
    for (let channel = 0; channel < 3; channel++) {
      rgb[pixel * 3 + channel] = light - partOf(cmyk[pixel * 4 + channel] ?? 0, light);
    }
  }
  return rgb;
}

/** `a * b / 255` rounded, the way Pillow's `MULDIV255` does it. */
function partOf(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}
