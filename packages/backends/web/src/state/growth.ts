import type { StateGrowth } from '@ovis/core';

/** Room costs memory only: on a device. */
export const generousGrowth: StateGrowth = { step: 256, share: 1, most: 4096 };

/** Room is copied at every run: between JavaScript and WebAssembly. */
export const tightGrowth: StateGrowth = { step: 32, share: 1 / 16, most: 256 };
