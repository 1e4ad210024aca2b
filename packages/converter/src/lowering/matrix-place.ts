import type { ModelPart } from '@ovis/core';

/** Where in a model a matrix is, as far as its storage depends on that. A `Scope` is one. */
export type MatrixPlace = {
  readonly part: ModelPart;
  /** What the matrix does, by the last name of its path: `down_proj`, `qkv_proj`. */
  readonly role: string;
  /** Its layer, from 0, and how many there are; null outside a stack of layers. */
  readonly depth: { readonly layer: number; readonly layers: number } | null;
};

/** A place that stands for most matrices of a part. */
export function anywhereIn(part: ModelPart): MatrixPlace {
  return { part, role: '', depth: null };
}
