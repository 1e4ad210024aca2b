import type { TextPart } from '@ovis/core';
import type { WebImageSource } from '@ovis/backend-web/page';
import type { CompareSample } from '../compare/comparison-types.ts';
import type { GenerateRequest } from '../request/generate-request.ts';

/** One picture of a page. */
export type WebImagePart = { readonly type: 'image'; readonly image: WebImageSource };

/** A video as its frames in order (Ovis 2.5 and later; earlier generations take frames as pictures). */
export type WebVideoPart = { readonly type: 'video'; readonly frames: readonly WebImageSource[] };

/** A piece of a message. */
export type WebContentPart = TextPart | WebImagePart | WebVideoPart;

/** One turn of a conversation. */
export type WebChatMessage = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly WebContentPart[];
};

/** A question to the model, and how it should answer; pictures may be anything that a page shows. */
export type WebGenerateRequest = Omit<GenerateRequest, 'messages'> & {
  /** The conversation so far; the last message is the user's. Pictures are content parts, never markers in text. */
  readonly messages: readonly WebChatMessage[];
};

/** A question that two models are asked. */
export type WebCompareSample = Omit<CompareSample, 'messages'> & {
  readonly messages: readonly WebChatMessage[];
};
