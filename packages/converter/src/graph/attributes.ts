import type { Attribute } from './onnx-model.ts';

/** Shorthand for an attribute that is a whole number. */
export function integer(value: number): Attribute {
  return { kind: 'integer', value };
}

/** Shorthand for an attribute that is a float. */
export function float(value: number): Attribute {
  return { kind: 'float', value };
}
