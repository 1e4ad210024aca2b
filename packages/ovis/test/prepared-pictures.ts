import type { ImageDecoder, ModelDescription } from '@ovis/core';
import { pixelValues, prepareImage } from '@ovis/visual-tokenizer';

/** What a test of one platform brings. */
export type PreparedPicturesPlatform = {
  readonly decoder: ImageDecoder;
  /** A picture by its path below packages/testing/fixtures. */
  readonly read: (path: string) => Promise<Uint8Array>;
};

/** SHA-256 of the numbers that the ViT gets of a picture: decoded, resized, cut, normalised. */
export async function preparedHash(
  path: string,
  model: ModelDescription,
  { decoder, read }: PreparedPicturesPlatform,
): Promise<string> {
  const { data } = pixelValues(
    await prepareImage(await decoder.decode(await read(path)), model, { maxPartition: 9 }),
    model,
  );
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array(new Float32Array(data).buffer));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
