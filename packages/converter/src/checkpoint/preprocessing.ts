import type { NativePreprocessing, PixelNormalisation, ResizeFilter, TiledPreprocessing } from '@ovis/core';
import * as v from 'valibot';
import { checkJson, size } from './check-json.ts';
import type { VisionConfig } from './checkpoint-config.ts';
import { unsupported } from './unsupported.ts';

const FILE = 'preprocessor_config.json';

/** Mean and standard deviation of CLIP's training pictures, default of CLIPImageProcessor. */
const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;
const siglip = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;

/** Pillow's numbers of the filters; box (4) and hamming (5) occur in no Ovis model. */
const filters: ReadonlyMap<number, ResizeFilter> = new Map<number, ResizeFilter>([
  [0, 'nearest'],
  [1, 'lanczos'],
  [2, 'bilinear'],
  [3, 'bicubic'],
]);

const channel = v.pipe(v.number(), v.finite());
const deviation = v.pipe(v.number(), v.finite(), v.gtValue(0));
const side = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(16_384));

const square = v.nullish(v.union([side, v.looseObject({ height: side, width: side })]));

const schema = v.looseObject({
  image_processor_type: v.nullish(v.string(), ''),
  resample: v.nullish(v.number(), 3),
  rescale_factor: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1)), 1 / 255),
  image_mean: v.nullish(v.tuple([channel, channel, channel])),
  image_std: v.nullish(v.tuple([deviation, deviation, deviation])),
  crop_size: square,
  size: v.nullish(v.unknown()), // pixels of other processors, which the official code overrides
  do_resize: v.nullish(v.boolean(), true),
  do_rescale: v.nullish(v.boolean(), true),
  do_normalize: v.nullish(v.boolean(), true),
  do_center_crop: v.nullish(v.boolean(), false),
});

/** Our own, optional keys of `generation_config.json`. */
const ownSchema = v.looseObject({ max_partition: size(100, 9) });

/** What is known about square views before the files of the preprocessor are read. */
export type SquareViews = {
  readonly vision: VisionConfig;
  /** Side that the tower was made for, and where the preprocessor tells its own: CLIP's or SigLIP's key. */
  readonly side: number;
  readonly sideKey: 'crop_size' | 'size';
  /** Whether pictures become grids of sub-images, or one view each. */
  readonly views: 'single' | 'tiles';
};

/**
 * What the official preprocessing up to Ovis2 does with these files. CLIP's processor has the side of a view in
 * `crop_size`, although it never crops; its `size` is overridden.
 *
 * @param generation - `generation_config.json`; its optional key `max_partition`, which is our own, is the default for
 *   the largest number of sub-images (9 otherwise, as in the official code).
 * @throws ModelFileError when the files are malformed or do not fit the vision tower.
 */
export function tiledPreprocessing(
  preprocessor: unknown,
  generation: unknown,
  { vision, side: towerSide, sideKey, views }: SquareViews,
): TiledPreprocessing {
  const config = checkJson(schema, preprocessor, FILE);
  if (config.do_center_crop) unsupported(FILE, 'do_center_crop', true, 'no centre crop');
  const told =
    sideKey === 'size' ? checkJson(v.looseObject({ size: square }), preprocessor, FILE).size : config.crop_size;
  const viewSide = told ?? towerSide;
  const [height, width] = typeof viewSide === 'number' ? [viewSide, viewSide] : [viewSide.height, viewSide.width];
  // Pixels beyond the last whole patch are never seen, so a few more or less change nothing but the fitting.
  if (height !== width || Math.floor(height / vision.patchSize) !== vision.gridSide) {
    unsupported(FILE, sideKey, told, `the vision tower's own ${towerSide} x ${towerSide} pixels`);
  }
  const { max_partition: maxPartition } = checkJson(ownSchema, generation ?? {}, 'generation_config.json');
  return {
    kind: 'tiles',
    ...normalisation(config),
    side: height,
    maxPartition: views === 'single' ? 1 : maxPartition,
    tokensPerView: Math.ceil(vision.gridSide / vision.mergeStride) ** 2,
    ...(vision.secondScale === 'none' ? {} : { secondScale: vision.secondScale }),
  };
}

/**
 * What the official preprocessing of Ovis2.5 does. The official entry points disagree on the largest area
 * (`preprocess_inputs` 1344 x 1792 or 1792 x 1792 pixels, `chat()` 1792 x 1792); these are the defaults of `chat()`,
 * the one that people call, and those of the 9B model on the hub.
 *
 * @throws ModelFileError when the file is malformed.
 */
export function nativePreprocessing(preprocessor: unknown, vision: VisionConfig): NativePreprocessing {
  return {
    kind: 'native',
    ...normalisation(checkJson(schema, preprocessor, FILE)),
    minPixels: 448 * 448,
    maxPixels: 1792 * 1792,
    temporalPatchSize: vision.temporalPatchSize,
    positionGrid: vision.learnedPositions ? vision.gridSide : null,
    rotaryHeadSize: vision.rotaryPositions ? vision.hiddenSize / vision.heads : null,
  };
}

/** The official model refuses processors that skip one of the steps, and so do we. */
function normalisation(config: v.InferOutput<typeof schema>): PixelNormalisation & { readonly filter: ResizeFilter } {
  for (const step of ['do_resize', 'do_rescale', 'do_normalize'] as const) {
    if (!config[step]) unsupported(FILE, step, false, `${step} true`);
  }
  const filter = filters.get(config.resample);
  if (filter === undefined) return unsupported(FILE, 'resample', config.resample, 'filters 0, 1, 2 or 3');
  const defaults = config.image_processor_type.startsWith('CLIP') ? clip : siglip;
  return {
    filter,
    rescale: config.rescale_factor,
    mean: config.image_mean ?? defaults.mean,
    std: config.image_std ?? defaults.std,
  };
}
