import type { ModelPart } from '@ovis/core';

/**
 * A weight as a graph wants it, told from tensors of the checkpoint. Nothing is read until the bundle is
 * written, so building graphs costs no memory. Values are read as float32 whatever the checkpoint's dtype.
 */
export type WeightExpression =
  /** One tensor of the checkpoint; the shape is what the model expects, and is checked. */
  | { readonly op: 'tensor'; readonly name: string; readonly shape: readonly number[] }
  /** Parts joined along axis 0. */
  | { readonly op: 'concat'; readonly parts: readonly WeightExpression[] }
  /** Matrices of equally many rows side by side: joined along axis 1. */
  | { readonly op: 'beside'; readonly parts: readonly WeightExpression[] }
  /** Rows `start` to `end` (exclusive) of axis 0. */
  | { readonly op: 'rows'; readonly of: WeightExpression; readonly start: number; readonly end: number }
  /** The same elements with other dimensions. */
  | { readonly op: 'reshape'; readonly of: WeightExpression; readonly shape: readonly number[] }
  /** `of + value`, element by element (Gemma's norms store `w` and mean `1 + w`). */
  | { readonly op: 'add'; readonly of: WeightExpression; readonly value: number }
  /** Numbers that are computed, not read (rotary tables). */
  | { readonly op: 'values'; readonly shape: readonly number[]; readonly data: Float32Array };

/** How a weight's bytes are laid out in the bundle. */
export type WeightStorage =
  /** Row-major floats; `transposed` swaps the two axes of a matrix, `[out, in]` to `[in, out]`. */
  | { readonly kind: 'f32' | 'f16'; readonly transposed: boolean }
  /** Codes, scales and zero points in the layout of `MatMulNBits`, blocks along the input axis. */
  | {
      readonly kind: 'blocks';
      readonly bits: 4 | 8;
      readonly blockSize: number;
      readonly symmetric: boolean;
      /**
       * The expression is `[in, out]` (the visual embedding table) and is transposed before its blocks are
       * formed. Default: false, the expression is `[out, in]`.
       */
      readonly transposed?: boolean;
      /** Where the checkpoint's own integers are kept; none are computed then. */
      readonly imported?: ImportedCodes;
    }
  /**
   * Signed bytes `[in, out]` with one scale for every output, symmetric around 0: what integer products of a CPU take.
   * `transposed` as for blocks: the expression is `[in, out]`.
   */
  | { readonly kind: 'columns'; readonly transposed?: boolean };

/** Integers that come from a quantised checkpoint. */
export type ImportedCodes = {
  /** The order in which blocks take the inputs; null for that of the inputs themselves. */
  readonly order: Int32Array | null;
};

/**
 * A weight of a graph. In the `.onnx` file a float weight is one initializer of this name; a block weight is
 * `name.codes` (uint8 `[out, blocks, blockSize * bits / 8]`), `name.scales` (float32 `[out, blocks]`) and,
 * unless symmetric, `name.zero_points` (uint8 `[out, ceil(blocks * bits / 8)]`); one in columns is `name.codes` (int8
 * `[in, out]`) and `name.scales` (float32 `[out]`).
 */
export type GraphWeight = {
  readonly name: string;
  readonly part: ModelPart;
  readonly expression: WeightExpression;
  readonly storage: WeightStorage;
};

/** Dimensions of an expression's value. */
export function expressionShape(expression: WeightExpression): readonly number[] {
  switch (expression.op) {
    case 'tensor':
    case 'reshape':
    case 'values':
      return expression.shape;
    case 'add':
      return expressionShape(expression.of);
    case 'rows':
      return [expression.end - expression.start, ...expressionShape(expression.of).slice(1)];
    case 'concat': {
      const shapes = expression.parts.map(expressionShape);
      return [shapes.reduce((sum, shape) => sum + (shape[0] ?? 0), 0), ...(shapes[0] ?? []).slice(1)];
    }
    case 'beside': {
      const shapes = expression.parts.map(expressionShape);
      return [shapes[0]?.[0] ?? 0, shapes.reduce((sum, shape) => sum + (shape[1] ?? 0), 0)];
    }
  }
}
