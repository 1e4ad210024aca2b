import type { RgbImage } from './rgb-image.ts';

/** Pixels that are already decoded: 1 (grey), 3 (RGB) or 4 (RGBA, alpha ignored) channels of 8 bits. */
export type RawImage = {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3 | 4;
  /** `[height, width, channels]`. */
  readonly data: Uint8Array | Uint8ClampedArray;
};

/** A picture: a path (Node), a URL object or `data:` URL, encoded bytes, a Blob, or pixels. */
export type ImageSource = string | URL | Uint8Array | Blob | RawImage;

/** Text. Markers and special tokens inside stay text. */
export type TextPart = { readonly type: 'text'; readonly text: string };

/** One picture. */
export type ImagePart = { readonly type: 'image'; readonly image: ImageSource };

/** A video as its frames in order (Ovis 2.5 and later; earlier generations take frames as pictures). */
export type VideoPart = { readonly type: 'video'; readonly frames: readonly ImageSource[] };

/** A piece of a message. */
export type ContentPart = TextPart | ImagePart | VideoPart;

/** One turn of a conversation. */
export type ChatMessage = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly ContentPart[];
};

/** A message whose pictures are decoded; what the stages work on. */
export type DecodedPart =
  | TextPart
  | { readonly type: 'image'; readonly image: RgbImage }
  | { readonly type: 'video'; readonly frames: readonly RgbImage[] };
