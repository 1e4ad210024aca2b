import type { DataType, IntegerProducts } from '@ovis/core';
import type { OnnxInitializer } from './onnx-model.ts';
import type { Value } from './value.ts';

/** Lists up to this length are told by their names; longer ones (orders of inputs) are numbered. */
const LONGEST_NAMED = 16;

/** What differs between the two forms of a graph, see core's `IntegerProducts`. */
export type ByProducts<T> = Readonly<Record<IntegerProducts, T>>;

/** The small numbers inside a graph (sizes, axes, shapes); equal ones are kept once. */
export class GraphConstants {
  readonly #prefix: string;
  readonly #known = new Map<
    string,
    { readonly value: Value; readonly dims: readonly number[]; readonly bytes: ByProducts<Uint8Array> }
  >();

  /** `prefix` starts their names, which must differ from those of the graphs around. */
  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  /** int64 numbers. */
  integers(values: readonly number[]): Value {
    const bytes = new Uint8Array(values.length * 8);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setBigInt64(index * 8, BigInt(value), true));
    return this.#constant('int64', values, { wide: bytes, narrow: bytes });
  }

  /** float32 numbers. */
  floats(values: readonly number[]): Value {
    const bytes = new Uint8Array(values.length * 4);
    const view = new DataView(bytes.buffer);
    values.forEach((value, index) => view.setFloat32(index * 4, value, true));
    return this.#constant('float32', values, { wide: bytes, narrow: bytes });
  }

  /** A float32 that depends on the processor, `[1]`. */
  floatByProducts({ wide, narrow }: ByProducts<number>): Value {
    const bytes = { wide: new Uint8Array(4), narrow: new Uint8Array(4) };
    new DataView(bytes.wide.buffer).setFloat32(0, wide, true);
    new DataView(bytes.narrow.buffer).setFloat32(0, narrow, true);
    return this.#constant('float32', [wide, narrow], bytes, [1]);
  }

  /** A uint8 that depends on the processor, `[1]`. */
  byteByProducts({ wide, narrow }: ByProducts<number>): Value {
    return this.#constant('uint8', [wide, narrow], { wide: Uint8Array.of(wide), narrow: Uint8Array.of(narrow) }, [1]);
  }

  /** Whether any of them depends on the processor. */
  get dependOnProducts(): boolean {
    return [...this.#known.values()].some(({ bytes }) => bytes.wide !== bytes.narrow);
  }

  /** All of them. */
  initializers(products: IntegerProducts): readonly OnnxInitializer[] {
    return [...this.#known.values()].map(({ value: { name, dtype }, dims, bytes }) => ({
      name,
      dtype,
      dims,
      content: { bytes: bytes[products] },
    }));
  }

  #constant(
    dtype: DataType,
    values: readonly number[],
    bytes: ByProducts<Uint8Array>,
    dims: readonly number[] = [values.length],
  ): Value {
    const key = `${bytes.wide === bytes.narrow ? '' : 'by-products/'}${dtype}/${values.join('_')}`;
    const known = this.#known.get(key);
    if (known) return known.value;
    const name = `${this.#prefix}constant/${values.length > LONGEST_NAMED ? `${dtype}/list_${this.#known.size}` : key}`;
    const value = { name, dtype, shape: dims };
    this.#known.set(key, { value, dims, bytes });
    return value;
  }
}
