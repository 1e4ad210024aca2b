// Running graphs
export { openWebBackend } from './open-web-backend.ts';
export type { BundleTraits, WebBackendOptions, WebDevice } from './web-backend-options.ts';

// Pictures, where the graphs run
export { createBrowserDecoder, type BrowserDecoderOptions } from './image/create-browser-decoder.ts';
export { toImageSource, type ToImageSourceOptions } from './image/to-image-source.ts';
export type { TransferredImage } from './image/transferred-image.ts';
