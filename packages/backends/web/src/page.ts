// Pictures of a page, on their way to the worker where the graphs run. No runtime comes with this entry.
export { toTransferableImage, type TransferableImage } from './image/to-transferable-image.ts';
export type { TransferredImage } from './image/transferred-image.ts';
export type { WebImageSource } from './image/web-image-source.ts';

// Videos
export { videoFrames, type VideoFramesOptions, type VideoSource } from './video/video-frames.ts';
