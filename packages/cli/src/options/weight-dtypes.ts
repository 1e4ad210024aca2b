import type { LoadOptions } from 'ovis/node';

/** How weights are stored, as `--dtype` takes it. */
export const weightDtypes = ['f32', 'f16', 'int8', 'int4'] as const satisfies NonNullable<LoadOptions['dtype']>[];
