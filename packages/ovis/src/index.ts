// The model
export { Ovis } from './ovis.ts';
export type { Platform } from './platform.ts';

export * from './shared.ts';
