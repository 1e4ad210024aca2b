import type { ImageSource } from '@ovis/core';
import { prepareImage } from '@ovis/visual-tokenizer';
import type { LoadedModel } from '../open-model.ts';
import { readImage, type ImageReader } from '../request/read-image.ts';
import { withoutUndefined } from '../without-undefined.ts';
import type { Look, LookOptions } from './look-types.ts';
import { viewRegions } from './view-regions.ts';

/** Runs the visual tokenizer on one picture and lays its tokens out on it. */
export async function lookAt(
  { manifest, visualTokenizer }: LoadedModel,
  reader: ImageReader,
  source: ImageSource,
  { signal, ...limits }: LookOptions,
): Promise<Look> {
  const { model } = manifest;
  signal?.throwIfAborted();
  const image = await readImage(source, reader, signal);
  const prepared = await prepareImage(image, model, withoutUndefined(limits), withoutUndefined({ signal }));
  const { topWords, topProbabilities, entropy, wordsPerToken } = await visualTokenizer.tokenize(prepared, { signal });
  const { mergeStride, visualVocabularySize } = model.vision;
  const rows = Math.ceil(prepared.grid.height / mergeStride);
  const columns = Math.ceil(prepared.grid.width / mergeStride);
  const tokens = rows * columns;
  const slice = <T extends Int32Array | Float32Array>(data: T, view: number, width: number): T =>
    data.slice(view * tokens * width, (view + 1) * tokens * width) as T;
  return {
    height: image.height,
    width: image.width,
    visualWords: visualVocabularySize,
    wordsPerToken,
    views: viewRegions(image, prepared, model).map((region, view) => ({
      kind: view === 0 ? 'whole' : 'part',
      rows,
      columns,
      region,
      words: slice(topWords, view, wordsPerToken),
      probabilities: slice(topProbabilities, view, wordsPerToken),
      entropy: slice(entropy, view, 1),
    })),
  };
}
