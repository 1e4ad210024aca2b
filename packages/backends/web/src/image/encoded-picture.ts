/** A picture for the browser to decode, without what would make it differ from the official code's. */
export type EncodedPicture = {
  /** Pixels, before they are decoded. */
  readonly height: number;
  readonly width: number;
  /** MIME type. */
  readonly type: string;
  /** Its bytes, one piece after the other. */
  readonly parts: readonly Uint8Array[];
  /** Whether a browser would still find alpha in it. */
  readonly alpha: boolean;
  /** Where its pixels lie in a larger black picture, of which it is the first frame. */
  readonly canvas?: { readonly height: number; readonly width: number; readonly top: number; readonly left: number };
};
