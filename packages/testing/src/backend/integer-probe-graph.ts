import { encodeOnnx } from '../onnx/encode-onnx.ts';

/** The readable form of core's `integerProbeModel`: `a` uint8 `[R, 128]` by `[128, 48]` of -128. */
export const integerProbeGraph: Uint8Array = encodeOnnx({
  nodes: [
    { operator: 'Cast', inputs: ['factor'], outputs: ['byte'], integers: { to: 3 } },
    { operator: 'Expand', inputs: ['byte', 'shape'], outputs: ['matrix'] },
    { operator: 'MatMulInteger', inputs: ['a', 'matrix'], outputs: ['y'] },
  ],
  constants: [
    { name: 'factor', dtype: 'float32', dims: [1, 1], values: [-128] },
    { name: 'shape', dtype: 'int64', dims: [2], values: [128, 48] },
  ],
  inputs: [{ name: 'a', dtype: 'uint8', shape: ['R', 128] }],
  outputs: [{ name: 'y', dtype: 'int32', shape: ['R', 48] }],
});
