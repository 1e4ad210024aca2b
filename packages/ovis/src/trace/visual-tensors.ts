import { float32Tensor, int64Tensor, type ModelDescription, type Tensor } from '@ovis/core';
import { pixelValues, type PreparedVisual, type VisualTokens } from '@ovis/visual-tokenizer';

/** The visual stages of all pictures joined, in the shapes of the official code; nothing without pictures. */
export function visualTensors(
  prepared: readonly PreparedVisual[],
  visual: readonly VisualTokens[],
  model: ModelDescription,
): Record<string, Tensor> {
  const [first] = visual;
  if (first === undefined) return {};
  const native = model.preprocessing.kind === 'native';
  const views = prepared.reduce((sum, item) => sum + item.views, 0);
  // Tiles keep a sub-image axis, `[N, k, ...]`; native resolution has none.
  const shaped = (tensor: Tensor<'float32'>): Tensor<'float32'> => {
    const width = tensor.dims.at(-1) ?? 1;
    const rows = tensor.data.length / width;
    return float32Tensor(tensor.data, native ? [rows, width] : [views, rows / views, width]);
  };
  const embeds = visual.map(({ data, length, hiddenSize }) => float32Tensor(data, [length, hiddenSize]));
  const grids = prepared.map(({ grid }) => [grid.time, grid.height, grid.width]);
  const inner = visual.flatMap(({ intermediates }) => (intermediates === undefined ? [] : [intermediates]));
  const names = inner.length === visual.length ? Object.keys(inner[0] ?? {}) : [];
  return {
    pixel_values: join(prepared.map((item) => pixelValues(item, model))),
    ...(native ? { grid_thws: int64Tensor(grids.flat(), [grids.length, 3]) } : {}),
    ...Object.fromEntries(
      names.map((name) => [name, shaped(join(inner.map((tensors) => tensors[name as keyof typeof tensors])))]),
    ),
    visual_embeds: shaped(join(embeds)),
  };
}

/** Joins along axis 0. */
function join(tensors: readonly Tensor<'float32'>[]): Tensor<'float32'> {
  const data = new Float32Array(tensors.reduce((sum, tensor) => sum + tensor.data.length, 0));
  let offset = 0;
  for (const tensor of tensors) {
    data.set(tensor.data, offset);
    offset += tensor.data.length;
  }
  const rows = tensors.reduce((sum, { dims }) => sum + (dims[0] ?? 0), 0);
  return float32Tensor(data, [rows, ...(tensors[0]?.dims.slice(1) ?? [])]);
}
