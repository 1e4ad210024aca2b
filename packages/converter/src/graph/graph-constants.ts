import type { DataType } from '@ovis/core';
import type { OnnxInitializer } from './onnx-model.ts';
import type { Value } from './value.ts';

/** Lists up to this length are told by their names; longer ones (orders of inputs) are numbered. */
const LONGEST_NAMED = 16;

/** The small numbers inside a graph (sizes, axes, shapes); equal ones are kept once. */
export class GraphConstants {
  readonly #prefix: string;
  readonly #known = new Map<string, { readonly value: Value; readonly initializer: OnnxInitializer }>();

  /** `prefix` starts their names, which must differ from those of the graphs around. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** int64 numbers. */
  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setBigInt64(index * 8, BigInt(value), true));
    return this.#constant('int64', values, bytes);
  }

  /** float32 numbers. */
  floats(values: readonly number[]): Value {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setFloat32(index * 4, value, true));
    return this.#constant('float32', values, bytes);
  }

  /** uint8 numbers. */
  bytes(values: readonly number[]): Value {
    return this.#constant('uint8', values, Uint8Array.from(values));
  }

  /** All of them. */
  initializers(): readonly OnnxInitializer[] {
    return [...this.#known.values()].map(({ initializer }) => initializer);
  }

  #constant(dtype: DataType, values: readonly number[], bytes: Uint8Array): Value {
    const key = `${dtype}/${values.join('_')}`;
    const known = this.#known.get(key);
    if (known) return known.value;
    const name = `${this.#prefix}constant/${values.length > LONGEST_NAMED ? `${dtype}/list_${this.#known.size}` : key}`;
    const dims = [values.length];
    const value = { name, dtype, shape: dims };
    this.#known.set(key, { value, initializer: { name, dtype, dims, content: { bytes } } });
    return value;
  }
}
