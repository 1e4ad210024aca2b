import { generationTraits, type ModelDescription, type RgbImage } from '@ovis/core';
import { prepareImage } from '@ovis/visual-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import { stopwatch } from '../stopwatch.ts';

/** What one picture took. */
export type PictureRun = {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  readonly visualTokens: number;
  readonly prepareMs: number;
  readonly visionMs: number;
};

/** Side of the picture for models that take pictures as they are, in pixels. */
const NATIVE_SIDE = 448;

/** Times one picture of one view: noise, which costs what any other picture does. */
export async function measurePicture(
  { manifest: { model }, visualTokenizer }: LoadedModel,
  signal: AbortSignal | undefined,
): Promise<PictureRun> {
  const { preprocessing } = model;
  const image = noise(preprocessing.kind === 'tiles' ? preprocessing.side : NATIVE_SIDE);
  const clock = stopwatch();
  const prepared = await prepareImage(image, model, oneView(model), { signal });
  const prepareMs = clock.lap();
  const { length } = await visualTokenizer.tokenize(prepared, { signal });
  const { height, width } = image;
  return { height, width, visualTokens: length, prepareMs, visionMs: clock.lap() };
}

function oneView({ preprocessing, generation }: ModelDescription) {
  const cuts = preprocessing.kind === 'tiles' && generationTraits[generation].views !== 'single';
  return cuts ? { maxPartition: 1 } : {};
}

function noise(side: number): RgbImage {
  let state = 1;
  const data = Uint8Array.from({ length: 3 * side * side }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
  return { height: side, width: side, data };
}
