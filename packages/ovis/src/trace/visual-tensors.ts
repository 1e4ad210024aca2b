import { float32Tensor, int64Tensor, type ModelDescription, type Tensor } from '@ovis/core';
import { pixelValues, type PreparedVisual, type VisualTokens } from '@ovis/visual-tokenizer';

/**
 * The visual stages of all pictures joined, in the shapes of the official code; nothing without pictures.
 *
 * @param frame - Begin and end indicator `[2, D]`, where the official visual tokenizer puts them around the embeddings of
 *   a picture (1.0 and 1.5), else null.
 */
export function visualTensors(
  prepared: readonly PreparedVisual[],
  visual: readonly VisualTokens[],
  model: ModelDescription,
  frame: Float32Array | null,
): Record<string, Tensor> {
  const [first] = visual;
  if (first === undefined) return {};
  const native = model.preprocessing.kind === 'native';
  const graphViews = prepared.reduce((sum, item) => sum + item.views, 0);
  // Views of two scales make one block of tokens.
  const tokenViews = prepared.reduce((sum, { item }) => sum + item.views, 0);
  // Square views keep an axis of their own, `[N, k, ...]`; native resolution has none.
  const shaped = (tensor: Tensor<'float32'>, views = tokenViews): Tensor<'float32'> => {
    const width = tensor.dims.at(-1) ?? 1;
    const rows = tensor.data.length / width;
    return float32Tensor(tensor.data, native ? [rows, width] : [views, rows / views, width]);
  };
  const embeds = visual.map((tokens) => framed(tokens, frame));
  const grids = prepared.map(({ grid }) => [grid.time, grid.height, grid.width]);
  const inner = visual.flatMap(({ intermediates }) => (intermediates === undefined ? [] : [intermediates]));
  const names = inner.length === visual.length ? Object.keys(inner[0] ?? {}) : [];
  return {
    pixel_values: join(prepared.map((item) => pixelValues(item, model))),
    ...(native ? { grid_thws: int64Tensor(grids.flat(), [grids.length, 3]) } : {}),
    ...Object.fromEntries(
      names.map((name) => {
        const joined = join(inner.map((tensors) => tensors[name as keyof typeof tensors]));
        return [name, shaped(joined, name === 'vit_features' ? graphViews : tokenViews)];
      }),
    ),
    visual_embeds: shaped(join(embeds)),
  };
}

/** Embeddings of a picture, with the rows before and after them where there are any. */
function framed({ data, length, hiddenSize }: VisualTokens, frame: Float32Array | null): Tensor<'float32'> {
  if (frame === null) return float32Tensor(data, [length, hiddenSize]);
  const rows = new Float32Array((length + 2) * hiddenSize);
  rows.set(frame.subarray(0, hiddenSize));
  rows.set(data, hiddenSize);
  rows.set(frame.subarray(hiddenSize), (length + 1) * hiddenSize);
  return float32Tensor(rows, [length + 2, hiddenSize]);
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
