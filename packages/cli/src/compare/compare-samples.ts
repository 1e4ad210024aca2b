import type { CompareSample, ContentPart, ImageSource, RawImage } from 'ovis/node';

/** What the models are asked. */
export type SampleChoice = {
  readonly image?: readonly string[] | undefined;
  readonly prompt?: readonly string[] | undefined;
  readonly maxPartition?: number | undefined;
};

const questions = ['Describe the image.', 'How many objects are there?'];
const texts = ['Who are you?', 'Name three colours of the rainbow.'];

/** Every question for every picture; without any, drawn pictures and a few questions without one. */
export function compareSamples({ image = [], prompt = [], maxPartition }: SampleChoice): readonly CompareSample[] {
  const pictures: readonly ImageSource[] = image.length > 0 ? image : [gradient(96, 128), squares(128, 96)];
  const limits = maxPartition === undefined ? {} : { image: { maxPartition } };
  const ask = (content: readonly ContentPart[]): CompareSample => ({
    messages: [{ role: 'user', content }],
    ...limits,
  });
  const aboutPictures = pictures.flatMap((picture) =>
    (prompt.length > 0 ? prompt : questions).map((text) =>
      ask([
        { type: 'image', image: picture },
        { type: 'text', text },
      ]),
    ),
  );
  const asked = prompt.length > 0 || image.length > 0;
  return [...aboutPictures, ...(asked ? [] : texts.map((text) => ask([{ type: 'text', text }])))];
}

/** From red to blue, brighter to the bottom. */
function gradient(height: number, width: number): RawImage {
  return drawn(height, width, (y, x) => [255 - (255 * x) / width, (255 * y) / height, (255 * x) / width]);
}

/** A green and an orange square on grey. */
function squares(height: number, width: number): RawImage {
  const inside = (y: number, x: number, at: number) => Math.abs(y - height * at) < 16 && Math.abs(x - width * at) < 16;
  return drawn(height, width, (y, x) => {
    if (inside(y, x, 0.3)) return [30, 160, 60];
    return inside(y, x, 0.7) ? [240, 140, 20] : [200, 200, 200];
  });
}

function drawn(height: number, width: number, colour: (y: number, x: number) => readonly number[]): RawImage {
  const data = new Uint8Array(height * width * 3);
  for (let pixel = 0; pixel < height * width; pixel++) {
    data.set(colour(Math.floor(pixel / width), pixel % width), pixel * 3);
  }
  return { height, width, channels: 3, data };
}
