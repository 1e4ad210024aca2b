import type { StoredTensor } from '../safetensors/stored-tensor.ts';
import type { TensorSource } from '../safetensors/tensor-source.ts';
import { loadPackedStrip } from './load-packed-strip.ts';
import { packedFormat } from './packed-format.ts';
import { codesPerWord, type PackedLinear } from './packed-linear.ts';
import type { PackedFormat, PackedReader, PackedRows } from './packed-reader.ts';

/** Codes that are held unpacked, one byte each: layers of 32 million weights and more are taken in parts. */
const STRIP_CODES = 32 * 1024 * 1024;

type Strip = { readonly name: string; readonly first: number; readonly count: number; readonly rows: PackedRows };

/**
 * The tensors of a quantised checkpoint, each packed layer appearing as the matrix `X.weight` `[out, in]` that an
 * unquantised checkpoint has. Read as floats it is `scale * (code - zeroPoint)`, the product taken in float32, as the
 * reference does; its integers can be had as well.
 */
export class PackedTensors implements TensorSource, PackedReader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Packed layers by the name of their matrix. */
  readonly linears: ReadonlyMap<string, PackedLinear>;
  readonly packed: PackedReader = this;
  readonly #source: TensorSource;
  readonly #stripCodes: number;
  readonly #formats: ReadonlyMap<string, PackedFormat | null>;
  #strip: Promise<Strip> | null = null;
  #stripOf = '';

  /** `stripCodes`: how many codes may be held unpacked. */
  constructor(source: TensorSource, linears: ReadonlyMap<string, PackedLinear>, stripCodes = STRIP_CODES) {
    this.#source = source;
    this.#stripCodes = stripCodes;
    this.linears = linears;
    this.tensors = asMatrices(source.tensors, linears);
    this.#formats = new Map([...linears].map(([name, linear]) => [name, packedFormat(linear)]));
  }

  formatOf(name: string): PackedFormat | null | undefined {
    return this.#formats.get(name);
  }

  async rows(name: string, first: number, count: number): Promise<PackedRows> {
    const linear = this.linears.get(name);
    if (linear === undefined) throw new TypeError(`${name} is not packed.`);
    const { inputs, groups } = linear;
    const codes = new Uint8Array(count * inputs);
    const scales = new Float32Array(count * groups);
    const zeroPoints = new Uint8Array(count * groups);
    for (let row = 0; row < count; ) {
      const strip = await this.#stripWith(name, linear, first + row);
      const from = first + row - strip.first;
      const to = Math.min(strip.count, first + count - strip.first);
      codes.set(strip.rows.codes.subarray(from * inputs, to * inputs), row * inputs);
      scales.set(strip.rows.scales.subarray(from * groups, to * groups), row * groups);
      zeroPoints.set(strip.rows.zeroPoints.subarray(from * groups, to * groups), row * groups);
      row += to - from;
    }
    return { codes, scales, zeroPoints };
  }

  readBytes(name: string, start: number, into: Uint8Array): Promise<void> {
    return this.#source.readBytes(name, start, into);
  }

  async read(name: string, start: number, into: Float32Array): Promise<void> {
    const linear = this.linears.get(name);
    if (linear === undefined) return this.#source.read(name, start, into);
    const { inputs, groups, groupSize, groupOf } = linear;
    for (let done = 0; done < into.length; ) {
      const row = Math.floor((start + done) / inputs);
      const strip = await this.#stripWith(name, linear, row);
      const stripEnd = (strip.first + strip.count) * inputs;
      const end = Math.min(into.length, stripEnd - start);
      const { codes, scales, zeroPoints } = strip.rows;
      const offset = strip.first * inputs;
      for (; done < end; done++) {
        const place = start + done - offset;
        const output = Math.floor(place / inputs);
        const input = place - output * inputs;
        const group = output * groups + (groupOf === null ? Math.floor(input / groupSize) : (groupOf[input] ?? 0));
        into[done] = (scales[group] ?? 0) * ((codes[place] ?? 0) - (zeroPoints[group] ?? 0));
      }
    }
  }

  /** The part of a layer that holds a row; the last one is kept. */
  async #stripWith(name: string, linear: PackedLinear, row: number): Promise<Strip> {
    const perWord = codesPerWord(linear);
    const atOnce = Math.max(1, Math.floor(this.#stripCodes / linear.inputs / perWord)) * perWord;
    const first = Math.floor(row / atOnce) * atOnce;
    const count = Math.min(atOnce, linear.outputs - first);
    const key = `${first} ${name}`;
    if (this.#strip === null || this.#stripOf !== key) {
      this.#stripOf = key;
      this.#strip = loadPackedStrip(this.#source, linear, first, count).then((rows) => ({ name, first, count, rows }));
    }
    return this.#strip;
  }
}

/** The tensors with each packed layer as one matrix, in the place of its codes. */
function asMatrices(
  tensors: ReadonlyMap<string, StoredTensor>,
  linears: ReadonlyMap<string, PackedLinear>,
): ReadonlyMap<string, StoredTensor> {
  const byCodes = new Map([...linears.values()].map((linear) => [`${linear.prefix}.qweight`, linear]));
  const hidden = new Set(
    [...linears.values()].flatMap(({ prefix }) => ['qzeros', 'scales', 'g_idx'].map((name) => `${prefix}.${name}`)),
  );
  const result = new Map<string, StoredTensor>();
  for (const [name, tensor] of tensors) {
    const linear = byCodes.get(name);
    if (linear !== undefined) {
      const { prefix, inputs, outputs } = linear;
      const parts = ['qweight', 'qzeros', 'scales', 'g_idx'].map((part) => tensors.get(`${prefix}.${part}`));
      const bytes = parts.reduce((sum, part) => sum + (part?.bytes ?? 0), 0);
      const type = tensors.get(`${prefix}.scales`)?.type ?? 'F16';
      const matrix = `${prefix}.weight`;
      result.set(matrix, {
        ...tensor,
        name: matrix,
        type,
        shape: [outputs, inputs],
        elements: outputs * inputs,
        bytes,
      });
    } else if (!hidden.has(name)) result.set(name, tensor);
  }
  return result;
}
