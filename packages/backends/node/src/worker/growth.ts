import type { StateGrowth } from '@ovis/core';

/**
 * How states grow: by an eighth of themselves, and by at least one step. Attention may read all that there is room for, so
 * much room would cost more than growing often.
 */
export const growth: StateGrowth = { step: 256, share: 1 / 8, most: Number.POSITIVE_INFINITY };
