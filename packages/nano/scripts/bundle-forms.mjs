/**
 * The bundles that the package ships, by folder, and how each is converted. For processors 4 bits: the checkpoint was trained
 * for them, in the blocks that processors take, so they cost next to no accuracy. The visual head stays in 16: it is small, and what
 * it rounds decides which unknown things are named. Graphics adapters take other blocks, for which 8 bits are right.
 *
 * @type {Readonly<Record<'bundle' | 'bundle-webgpu', import('@ovis/converter').ConvertOptions>>}
 */
export const bundleForms = {
  bundle: { device: 'cpu', dtype: 'int4', dtypes: { visualHead: 'f16' }, prefill: 'same' },
  'bundle-webgpu': { device: 'webgpu', dtype: 'int8' },
};
