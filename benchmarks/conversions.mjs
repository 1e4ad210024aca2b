// What is converted for a measurement, by name.

const conversions = {
  f32: { dtype: 'f32' },
  f16: { dtype: 'f16' },
  int8: { dtype: 'int8' },
  int4: { dtype: 'int4' },
  /** Layers in 4 bits throughout. */
  'all-int4': { dtype: 'int4', sensitive: 'same' },
};

/** Options of `convertCheckpoint`. */
export function conversionOf(name) {
  if (Object.hasOwn(conversions, name)) return conversions[name];
  throw new Error(`There is no conversion ${name}; there are ${Object.keys(conversions).join(', ')}.`);
}
