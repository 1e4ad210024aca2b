/** A decoded picture: RGB, 8 bits per channel, rows from the top, no padding. */
export type RgbImage = {
  /** Pixels, at least 1. */
  readonly height: number;
  /** Pixels, at least 1. */
  readonly width: number;
  /** `[height, width, 3]`. */
  readonly data: Uint8Array;
};

/** An encoded picture's bytes to pixels, exactly as the official code sees them. One per platform. */
export interface ImageDecoder {
  /**
   * Decodes the first frame to RGB; alpha is dropped, colour profiles and orientation are ignored, as Pillow does.
   *
   * @throws ImageError when the bytes are no picture, are truncated, or are larger than the limits.
   */
  decode(bytes: Uint8Array, signal?: AbortSignal): Promise<RgbImage>;
}
