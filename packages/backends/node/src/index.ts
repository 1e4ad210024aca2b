// Running graphs
export { openNodeBackend } from './open-node-backend.ts';
export type { NodeBackendOptions } from './node-backend-options.ts';
export type { NodeDevice, Spinning, StateUpdates } from './protocol.ts';

// Pictures
export { createSharpDecoder, type SharpDecoderOptions } from './image/create-sharp-decoder.ts';
export { sharpVersions } from './image/sharp-versions.ts';
export { encodePng } from './image/encode-png.ts';
