// Running graphs
export { openWebBackend } from './open-web-backend.ts';
export type { BundleTraits, WebBackendOptions, WebDevice } from './web-backend-options.ts';
