import { toTransferableImage, type WebImageSource, type TransferredImage } from '@ovis/backend-web/page';
import type { PostedMessage, PostedPart, PostedRequest } from '../protocol.ts';
import type { WebContentPart, WebGenerateRequest } from '../web-request.ts';

/** Something to post, with what is given away. */
export type Posted<T> = { readonly value: T; readonly transfer: readonly Transferable[] };

/**
 * Makes a request ready for the worker: pictures become what can be posted, in order. What is malformed goes along as it
 * is, for the worker to refuse.
 *
 * @throws ImageError when a picture cannot be taken.
 */
export async function postRequest(request: WebGenerateRequest): Promise<Posted<PostedRequest>> {
  const { messages, signal, onProgress: _, ...rest } = request;
  const transfer: Transferable[] = [];
  const take = async (source: WebImageSource): Promise<TransferredImage> => {
    const taken = await postImage(source, signal);
    transfer.push(...taken.transfer);
    return taken.value;
  };
  const posted: PostedMessage[] = [];
  if (!Array.isArray(messages)) return { value: { ...rest, messages: messages as never }, transfer };
  for (const message of messages as WebGenerateRequest['messages']) posted.push(await postMessage(message, take));
  return { value: { ...rest, messages: posted }, transfer };
}

/** Makes one picture ready for the worker. */
export async function postImage(source: WebImageSource, signal?: AbortSignal): Promise<Posted<TransferredImage>> {
  const { image, transfer } = await toTransferableImage(source, signal);
  return { value: image, transfer };
}

type Take = (source: WebImageSource) => Promise<TransferredImage>;

async function postMessage(message: WebGenerateRequest['messages'][number], take: Take): Promise<PostedMessage> {
  const { role, content } = message;
  if (!Array.isArray(content)) return { role, content: content as string };
  const parts: PostedPart[] = [];
  for (const part of content as readonly WebContentPart[]) parts.push(await postPart(part, take));
  return { role, content: parts };
}

async function postPart(part: WebContentPart, take: Take): Promise<PostedPart> {
  if (part.type === 'image' && part.image !== undefined && part.image !== null)
    return { type: 'image', image: await take(part.image) };
  if (part.type === 'video' && Array.isArray(part.frames)) {
    const frames: TransferredImage[] = [];
    for (const frame of part.frames) frames.push(await take(frame));
    return { type: 'video', frames };
  }
  return part as PostedPart;
}
