import { fileURLToPath } from 'node:url';

/** Folder of the embedded model's bundle for processors (Node, and WebAssembly in browsers) as a URL that ends in `/`. */
export const nanoBundle: URL = new URL('../bundle/', import.meta.url);

/** The same folder as a path, for `Ovis.load` in Node. */
export const nanoBundlePath: string = fileURLToPath(nanoBundle);

/** Folder of the embedded model's bundle for graphics adapters (WebGPU in browsers and in Node) as a URL that ends in `/`. */
export const nanoWebGpuBundle: URL = new URL('../bundle-webgpu/', import.meta.url);

/** The same folder as a path, for `Ovis.load` in Node with `device: 'webgpu'`. */
export const nanoWebGpuBundlePath: string = fileURLToPath(nanoWebGpuBundle);

/** What each row of its visual embedding table means, a JSON list of texts; empty where no picture shows it. */
export const nanoVisualWordsPath: string = fileURLToPath(new URL('../visual-words.json', import.meta.url));
