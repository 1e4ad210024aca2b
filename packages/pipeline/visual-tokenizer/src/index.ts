// Pictures and videos to patches
export { prepareImage, type PrepareControl } from './prepare-image.ts';
export { prepareVideo } from './prepare-video.ts';
export type { PreparedVisual } from './prepared-visual.ts';
export { resolveImageOptions, type ImageOptions, type ResolvedImageOptions } from './image-options.ts';
export { MAX_IMAGE_PIXELS } from './check-image.ts';
export { pixelValues } from './pixel-values.ts';

// Patches to visual tokens
export { VisualTokenizer } from './session/visual-tokenizer.ts';
export type { TokenizeOptions, VisualTokenizerSource } from './session/visual-tokenizer-options.ts';
export type { VisualIntermediates, VisualTokens } from './session/visual-tokens.ts';

// Pieces of the official preprocessing
export { resizeImage } from './resize/resize-image.ts';
export type { ImageRegion, ImageSize } from './resize/image-region.ts';
export { chooseGrid } from './tiles/choose-grid.ts';
export type { TileGrid } from './tiles/tile-grid.ts';
export { cropsOfGrid } from './tiles/crops-of-grid.ts';
export { fitIntoSquare } from './tiles/fit-into-square.ts';
export { smartResize, type SmartResizeBounds } from './native/smart-resize.ts';
