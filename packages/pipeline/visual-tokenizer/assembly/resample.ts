// The two passes of a resize in WebAssembly with 128-bit vectors: AssemblyScript, compiled by
// scripts/build-resample.mjs into src/resize/resample-module.ts. Addresses and strides are in bytes.

/** Fractional bits of the fixed-point weights. */
const WEIGHT_BITS: i32 = 22;

/** What sums begin with, so that the shift at their end rounds. */
const HALF: i32 = 1 << (WEIGHT_BITS - 1);

/**
 * The horizontal pass over `rows` rows of RGB pixels, four rows at a time: the sums of a pixel's channels are three
 * lanes of a vector.
 *
 * @param rows - A multiple of 4; rows that are not there may hold anything, but must be memory.
 * @param targetStride - More than the bytes of a row: each pixel is written with a fourth byte.
 * @param first - For every output pixel its first input pixel, `i32 [width]`.
 * @param count - How many follow one another, `i32 [width]`.
 * @param weights - `i32 [width, weightStride / 4]`.
 */
export function resampleRows(
  source: usize,
  sourceStride: usize,
  rows: i32,
  target: usize,
  targetStride: usize,
  width: i32,
  first: usize,
  count: usize,
  weights: usize,
  weightStride: usize,
): void {
  for (let y = 0; y < rows; y += 4) {
    for (let x = 0; x < width; x++) {
      let pixel = source + <usize>load<i32>(first + ((<usize>x) << 2)) * 3;
      let weight = weights + <usize>x * weightStride;
      let left = load<i32>(count + ((<usize>x) << 2));
      let a = i32x4.splat(HALF);
      let b = a;
      let c = a;
      let d = a;
      for (; left >= 4; left -= 4) {
        const w0 = v128.load_splat<i32>(weight);
        const w1 = v128.load_splat<i32>(weight, 4);
        const w2 = v128.load_splat<i32>(weight, 8);
        const w3 = v128.load_splat<i32>(weight, 12);
        a = addFour(a, pixel, w0, w1, w2, w3);
        b = addFour(b, pixel + sourceStride, w0, w1, w2, w3);
        c = addFour(c, pixel + 2 * sourceStride, w0, w1, w2, w3);
        d = addFour(d, pixel + 3 * sourceStride, w0, w1, w2, w3);
        pixel += 12;
        weight += 16;
      }
      for (; left > 0; left--) {
        const w = v128.load_splat<i32>(weight);
        a = addOne(a, pixel, w);
        b = addOne(b, pixel + sourceStride, w);
        c = addOne(c, pixel + 2 * sourceStride, w);
        d = addOne(d, pixel + 3 * sourceStride, w);
        pixel += 3;
        weight += 4;
      }
      const result = target + <usize>x * 3;
      putPixel(result, a);
      putPixel(result + targetStride, b);
      putPixel(result + 2 * targetStride, c);
      putPixel(result + 3 * targetStride, d);
    }
    source += 4 * sourceStride;
    target += 4 * targetStride;
  }
}

/**
 * The vertical pass for one output row: the weighted sum of `count` rows, 16 bytes at a time.
 *
 * @param bytes - Bytes of a row; rounded up to a multiple of 16, which the strides must have room for.
 * @param weights - `i32 [count]`.
 */
export function resampleColumns(
  source: usize,
  stride: usize,
  count: i32,
  weights: usize,
  target: usize,
  bytes: usize,
): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    let a = i32x4.splat(HALF);
    let b = a;
    let c = a;
    let d = a;
    let row = source + at;
    for (let i = 0; i < count; i++) {
      const w = v128.load_splat<i32>(weights + ((<usize>i) << 2));
      const pixels = v128.load(row);
      const low = i16x8.extend_low_i8x16_u(pixels);
      const high = i16x8.extend_high_i8x16_u(pixels);
      a = i32x4.add(a, i32x4.mul(i32x4.extend_low_i16x8_u(low), w));
      b = i32x4.add(b, i32x4.mul(i32x4.extend_high_i16x8_u(low), w));
      c = i32x4.add(c, i32x4.mul(i32x4.extend_low_i16x8_u(high), w));
      d = i32x4.add(d, i32x4.mul(i32x4.extend_high_i16x8_u(high), w));
      row += stride;
    }
    const low = i16x8.narrow_i32x4_s(i32x4.shr_s(a, WEIGHT_BITS), i32x4.shr_s(b, WEIGHT_BITS));
    const high = i16x8.narrow_i32x4_s(i32x4.shr_s(c, WEIGHT_BITS), i32x4.shr_s(d, WEIGHT_BITS));
    v128.store(target + at, i8x16.narrow_i16x8_u(low, high));
  }
}

/** Adds four weighted pixels of a row. */
function addFour(sum: v128, pixel: usize, w0: v128, w1: v128, w2: v128, w3: v128): v128 {
  const pixels = v128.load(pixel);
  const p0 = i8x16.swizzle(pixels, i8x16(0, -1, -1, -1, 1, -1, -1, -1, 2, -1, -1, -1, -1, -1, -1, -1));
  const p1 = i8x16.swizzle(pixels, i8x16(3, -1, -1, -1, 4, -1, -1, -1, 5, -1, -1, -1, -1, -1, -1, -1));
  const p2 = i8x16.swizzle(pixels, i8x16(6, -1, -1, -1, 7, -1, -1, -1, 8, -1, -1, -1, -1, -1, -1, -1));
  const p3 = i8x16.swizzle(pixels, i8x16(9, -1, -1, -1, 10, -1, -1, -1, 11, -1, -1, -1, -1, -1, -1, -1));
  sum = i32x4.add(sum, i32x4.mul(p0, w0));
  sum = i32x4.add(sum, i32x4.mul(p1, w1));
  sum = i32x4.add(sum, i32x4.mul(p2, w2));
  return i32x4.add(sum, i32x4.mul(p3, w3));
}

/** Adds one weighted pixel. */
function addOne(sum: v128, pixel: usize, w: v128): v128 {
  const bytes = v128.load32_zero(pixel);
  return i32x4.add(sum, i32x4.mul(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(bytes)), w));
}

/** Rounds, clamps to bytes and writes three channels, and a fourth byte that the next pixel overwrites. */
function putPixel(target: usize, sum: v128): void {
  const words = i16x8.narrow_i32x4_s(i32x4.shr_s(sum, WEIGHT_BITS), i32x4.splat(0));
  v128.store_lane<u32>(target, i8x16.narrow_i16x8_u(words, words), 0);
}
