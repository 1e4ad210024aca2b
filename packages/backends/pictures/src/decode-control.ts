/** What a caller allows while a picture is decoded. */
export type DecodeControl = {
  /** Height times width at most. */
  readonly maxPixels: number;
  readonly signal: AbortSignal | undefined;
};
