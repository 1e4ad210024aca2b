// What is converted for a measurement, by name.

/** Options of `convertCheckpoint`. */
export const conversions = {
  f32: { dtype: 'f32' },
  f16: { dtype: 'f16' },
  int8: { dtype: 'int8' },
  int4: { dtype: 'int4' },
  /** Layers in 4 bits throughout. */
  'all-int4': { dtype: 'int4', sensitive: 'same' },
};
