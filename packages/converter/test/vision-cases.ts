import { type InferenceSession, Tensor } from 'onnxruntime-node';
import { integersOf, type StoredTensor } from '@ovis/testing';
import type { VisionConfig } from '../src/checkpoint/checkpoint-config.ts';
import { floatsOf } from './floats-of.ts';
import { resizedPositions, rotaryAngles } from './native-positions.ts';

/** Tensors of a fixture, by name. */
export type StoredTensors = ReadonlyMap<string, StoredTensor>;
type Feeds = Record<string, Tensor>;

/** Inputs of a visual tokenizer graph for a fixture's case, one record per run. */
export function visionFeeds(vision: VisionConfig, weights: StoredTensors, tensors: StoredTensors): Feeds[] {
  if (vision.modelType === 'siglip2_navit') return nativeFeeds(vision, weights, tensors);
  const pixels = tensors.get('pixel_values');
  const patches = tiledFeeds(vision, floatsOf(pixels), pixels?.shape.at(-1) ?? 0);
  return [vision.secondScale === 'none' ? patches : twoScaleFeeds(patches)];
}

/** Outputs of all runs. */
export async function runAll(session: InferenceSession, feeds: readonly Feeds[]): Promise<Readonly<Feeds>[]> {
  const results: Readonly<Feeds>[] = [];
  for (const feed of feeds) results.push(await session.run(feed));
  return results;
}

/** One output of all runs, end to end. */
export function joined(results: readonly Readonly<Feeds>[], output: string): Float32Array {
  const parts = results.map((result) => floatsOf(result[output]));
  const whole = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** All views in one run. Pixels `[N, 3, side, side]` become patches row by row; the rest of a side is left out. */
function tiledFeeds({ gridSide, patchSize: p }: VisionConfig, pixels: Float32Array, side: number): { patches: Tensor } {
  const views = pixels.length / (3 * side * side);
  const dims = [views, gridSide ** 2, 3 * p * p];
  const data = new Float32Array(views * gridSide ** 2 * 3 * p * p);
  let index = 0;
  for (let view = 0; view < views; view++) {
    for (let patch = 0; patch < gridSide ** 2; patch++) {
      const [top, left] = [Math.floor(patch / gridSide) * p, (patch % gridSide) * p];
      for (let channel = 0; channel < 3; channel++) {
        for (let row = top; row < top + p; row++) {
          const start = ((view * 3 + channel) * side + row) * side + left;
          data.set(pixels.subarray(start, start + p), index);
          index += p;
        }
      }
    }
  }
  return { patches: new Tensor('float32', data, dims) };
}

/** Five views per picture; where the official code put infinities there is no second scale. */
function twoScaleFeeds({ patches }: { readonly patches: Tensor }): Feeds {
  const [views = 0, perView = 0, features = 0] = patches.dims;
  const data = floatsOf(patches);
  const pictures = views / 5;
  const factors = Float32Array.from({ length: pictures }, (_, index) =>
    Number.isFinite(data[(index + 1) * 5 * perView * features - 1]) ? 1 : 0,
  );
  const finite = data.map((value) => (Number.isFinite(value) ? value : 0));
  return {
    patches: new Tensor('float32', finite, [pictures, 5, perView, features]),
    second_scale: new Tensor('float32', factors, [pictures]),
  };
}

/** One run per picture; the frames of a video are the batch. */
function nativeFeeds(vision: VisionConfig, weights: StoredTensors, tensors: StoredTensors): Feeds[] {
  const { hiddenSize: d, heads, patchSize } = vision;
  const table = floatsOf(weights.get('visual_tokenizer.vit.vision_model.embeddings.position_embedding.weight'));
  const pixels = floatsOf(tensors.get('pixel_values'));
  const grids = integersOf(tensors.get('grid_thws'));
  const width = 3 * patchSize ** 2;
  const feeds: Feeds[] = [];
  let offset = 0;
  for (let image = 0; image < grids.length; image += 3) {
    const [frames = 1, height = 1, gridWidth = 1] = grids.slice(image, image + 3);
    const patches = height * gridWidth;
    const end = offset + frames * patches * width;
    const angles = rotaryAngles(d / heads, height, gridWidth);
    const angleDims = [patches, d / heads / 2];
    feeds.push({
      patches: new Tensor('float32', pixels.slice(offset, end), [frames, patches, width]),
      positions: new Tensor('float32', resizedPositions(table, d, height, gridWidth), [patches, d]),
      cosines: new Tensor('float32', angles.map(Math.cos), angleDims),
      sines: new Tensor('float32', angles.map(Math.sin), angleDims),
    });
    offset = end;
  }
  return feeds;
}
