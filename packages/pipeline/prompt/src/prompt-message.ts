import type { ModelDescription, PromptTokenizer, TextPart, VisualItem } from '@ovis/core';

/** A picture or video of a message, by its index into the visual items. */
export type VisualPart = { readonly type: 'image' | 'video'; readonly item: number };

/** A piece of a message whose pictures are prepared. */
export type PromptPart = TextPart | VisualPart;

/** Who speaks. */
export type PromptRole = 'system' | 'user' | 'assistant';

/**
 * One turn of a conversation. Parts are joined by line breaks, as the official examples do it: a picture
 * followed by text is `<image>`, `\n`, text; in 1.0 a space stands beside a picture instead. A text that ends with
 * white space keeps the next picture on its line: `'Image 1: '` and a picture is the official `Image 1: <image>`.
 * Pictures stand in messages of the user only.
 */
export type PromptMessage = {
  readonly role: PromptRole;
  /** The words of an assistant come without its reasoning, which is not shown to the model again. */
  readonly content: string | readonly PromptPart[];
};

/** What every way of building a prompt needs. */
export type PromptContext = {
  /** Pictures and videos of the whole conversation; parts and markers refer to them. */
  readonly items: readonly VisualItem[];
  readonly tokenizer: PromptTokenizer;
  readonly model: ModelDescription;
};
