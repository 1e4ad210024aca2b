import type { RgbImage } from '@ovis/core';
import { fixtureJson, fixturePath } from '@ovis/testing';
import sharp from 'sharp';

type ImageList = Readonly<Record<string, { readonly decoded?: string } | undefined>>;

/** A fixture picture as the official code saw it: of a JPEG, the pixels that Pillow decoded. */
export async function decodeFixtureImage(model: string, file: string): Promise<RgbImage> {
  const decoded = fixtureJson<ImageList>(`${model}/images/images.json`)[file]?.decoded ?? file;
  const { data, info } = await sharp(fixturePath(`${model}/images/${decoded}`), { autoOrient: false, ignoreIcc: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`${decoded} came out with ${info.channels} channels.`);
  return { height: info.height, width: info.width, data: new Uint8Array(data) };
}
