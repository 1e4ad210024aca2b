import { toTransferableImage, type WebImageSource, type TransferredImage } from '@ovis/backend-web/page';
import { mapPictures } from '../map-pictures.ts';
import type { PostedRequest } from '../protocol.ts';
import type { WebGenerateRequest } from '../web-request.ts';

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
  const posted = await mapPictures(messages, take);
  return { value: { ...rest, messages: posted }, transfer };
}

/** Makes one picture ready for the worker. */
export async function postImage(source: WebImageSource, signal?: AbortSignal): Promise<Posted<TransferredImage>> {
  const { image, transfer } = await toTransferableImage(source, signal);
  return { value: image, transfer };
}
