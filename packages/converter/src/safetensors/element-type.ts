/** Bytes per element of every type a safetensors file may name. */
const sizes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
} as const;

/** Element type of a tensor, as safetensors spells it. */
export type ElementType = keyof typeof sizes;

/** The types that weights are read from. */
export const floatTypes = ['F32', 'F16', 'BF16', 'F64'] as const satisfies ElementType[];

/** A type that weights are read from. */
export type FloatType = (typeof floatTypes)[number];

/** Whether elements of a type are numbers that a weight may have. */
export function isFloatType(type: ElementType): type is FloatType {
  return type === 'F32' || type === 'F16' || type === 'BF16' || type === 'F64';
}

/** Whether a file's dtype is one we know the size of. */
export function isElementType(value: unknown): value is ElementType {
  return typeof value === 'string' && Object.hasOwn(sizes, value);
}

/** Bytes one element takes. */
export function elementBytes(type: ElementType): number {
  return sizes[type];
}
