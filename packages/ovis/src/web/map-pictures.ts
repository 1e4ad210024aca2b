import type { TextPart } from '@ovis/core';

/** A piece of a message whose pictures are of the kind `P`. */
export type PartWith<P> =
  | TextPart
  | { readonly type: 'image'; readonly image: P }
  | { readonly type: 'video'; readonly frames: readonly P[] };

/** A message whose pictures are of the kind `P`. */
export type MessageWith<P> = {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string | readonly PartWith<P>[];
};

type Take<From, To> = (picture: From) => Promise<To>;

/**
 * The same messages with pictures of another kind: what `take` makes of them, one after the other. What is malformed goes
 * on as it is, to be refused where all requests are checked.
 */
export async function mapPictures<From, To>(
  messages: readonly MessageWith<From>[],
  take: Take<From, To>,
): Promise<readonly MessageWith<To>[]> {
  if (!Array.isArray(messages)) return messages as never;
  const mapped: MessageWith<To>[] = [];
  for (const { role, content } of messages as readonly MessageWith<From>[]) {
    mapped.push({ role, content: await mapContent(content, take) });
  }
  return mapped;
}

async function mapContent<From, To>(
  content: MessageWith<From>['content'],
  take: Take<From, To>,
): Promise<MessageWith<To>['content']> {
  if (!Array.isArray(content)) return content as string;
  const parts: PartWith<To>[] = [];
  for (const part of content as readonly PartWith<From>[]) parts.push(await mapPart(part, take));
  return parts;
}

async function mapPart<From, To>(part: PartWith<From>, take: Take<From, To>): Promise<PartWith<To>> {
  if (part.type === 'image' && part.image !== undefined && part.image !== null) {
    return { type: 'image', image: await take(part.image) };
  }
  if (part.type === 'video' && Array.isArray(part.frames)) {
    const frames: To[] = [];
    for (const frame of part.frames) frames.push(await take(frame));
    return { type: 'video', frames };
  }
  return part as PartWith<never>;
}
