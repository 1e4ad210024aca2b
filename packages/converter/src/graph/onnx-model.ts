import type { DataType, Dim, FileRange } from '@ovis/core';

/** A value of a node's attribute. */
export type Attribute =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integers'; readonly value: readonly number[] }
  /** A graph that the operator runs by itself; its nodes also see the values of the graph around it. */
  | { readonly kind: 'graph'; readonly value: OnnxGraph };

/** One operator call. An omitted optional input or output is an empty string. */
export type OnnxNode = {
  readonly name: string;
  readonly operator: string;
  /** Empty for ONNX itself, else `com.microsoft`. */
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
};

/** A tensor that is part of the model: its bytes here, or in a file beside it. */
export type OnnxInitializer = {
  readonly name: string;
  readonly dtype: DataType;
  readonly dims: readonly number[];
  readonly content: { readonly bytes: Uint8Array } | { readonly external: FileRange };
};

/** Name and type of an input or output; `sequence` is a list of tensors of unknown shape. */
export type OnnxValueInfo = { readonly name: string; readonly dtype: DataType } & (
  | { readonly kind: 'tensor'; readonly shape: readonly Dim[] }
  | { readonly kind: 'sequence' }
);

/** The graph of an `.onnx` file, or one inside an operator. */
export type OnnxGraph = {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
};
