/**
 * How large whole-number products of a processor get before they go wrong. `wide`: sums of bytes (0 to 255) times
 * signed bytes (-128 to 127) are exact. `narrow`: pairs of such products saturate at 16 bits (x64 without VNNI), so both
 * factors must be unsigned.
 */
export type IntegerProducts = 'wide' | 'narrow';

/** Inner size and columns of the probe's matrix, whose numbers are all -128: more than one block of any kernel. */
const INNER = 128;
const COLUMNS = 48;
const FACTOR = -128;

/**
 * A graph of one product, as ONNX: `a` uint8 `[R, 128]` by a matrix of -128, `y` int32 `[R, 48]`. Its readable form
 * is `integerProbeGraph` of the shared test graphs, which a test compares it with.
 */
export const integerProbeModel: Uint8Array = Uint8Array.from(
  atob(
    'CAo68AEKKQoGZmFjdG9yEgRieXRlGgZDYXN0XzAiBENhc3QqCQoCdG8YA6ABAjoACikKBGJ5dGUKBXNoYXBlEgZtYXRyaXgaCEV4cGFuZF8x' +
      'IgZFeHBhbmQ6AAowCgFhCgZtYXRyaXgSAXkaD01hdE11bEludGVnZXJfMiINTWF0TXVsSW50ZWdlcjoAEgR0ZXN0KhQIAQgBEAFCBmZhY3Rv' +
      'ckoEAAAAwyodCAIQB0IFc2hhcGVKEIAAAAAAAAAAMAAAAAAAAABaFQoBYRIQCg4IAhIKCgMSAVIKAwiAAWIUCgF5Eg8KDQgGEgkKAxIBUgoC' +
      'CDBCBAoAEBVCEQoNY29tLm1pY3Jvc29mdBAB',
  ),
  (character) => character.charCodeAt(0),
);

/**
 * Finds out which products a runtime computes exactly, by the largest possible ones.
 *
 * @param run - Runs {@link integerProbeModel} with `a` of `[rows, columns]` and gives `y`.
 */
export async function probeIntegerProducts(
  run: (a: Uint8Array, dims: readonly [number, number]) => Promise<ArrayLike<number>>,
): Promise<IntegerProducts> {
  const expected = INNER * 255 * FACTOR;
  // One row and several go through different kernels.
  for (const rows of [1, 7]) {
    const y = await run(new Uint8Array(rows * INNER).fill(255), [rows, INNER]);
    const exact = y.length === rows * COLUMNS && Array.from(y).every((value) => value === expected);
    if (!exact) return 'narrow';
  }
  return 'wide';
}
