import { asyncDispose, ModelFileError } from '@ovis/core';
import { decodeFloats } from './decode-floats.ts';
import { elementBytes, floatTypes, isFloatType } from './element-type.ts';
import type { PositionalFile } from './positional-file.ts';
import type { StoredTensor } from './stored-tensor.ts';
import type { TensorSource } from './tensor-source.ts';

/** Bytes that are read at once where numbers must be converted. */
const SCRATCH_BYTES = 4 * 1024 * 1024;

/**
 * All tensors of a checkpoint, in one or many open files. Data is read only when asked for; no more than a few
 * megabytes are held.
 */
export class TensorStore implements TensorSource, AsyncDisposable {
  /** By name, in the order of the files. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Files by name. */
  readonly files: ReadonlyMap<string, PositionalFile>;
  /** Contradictions that do not stop anything, in words for the user. */
  readonly warnings: readonly string[];
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
  #last: Promise<void> = Promise.resolve();

  constructor(
    tensors: ReadonlyMap<string, StoredTensor>,
    files: ReadonlyMap<string, PositionalFile>,
    warnings: readonly string[] = [],
  ) {
    this.tensors = tensors;
    this.files = files;
    this.warnings = warnings;
  }

  /**
   * Fills `into` with elements of a tensor, row-major, from element `start` on, as float32. Reads wait for each other.
   *
   * @throws ModelFileError when there is no such tensor, it holds no floats, or its file ends too early.
   */
  async read(name: string, start: number, into: Float32Array): Promise<void> {
    const turn = this.#last.then(() => this.#read(name, start, into));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /**
   * Fills `into` with a tensor's stored bytes, from byte `start` on, whatever its type.
   *
   * @throws ModelFileError when there is no such tensor, or its file ends too early.
   */
  async readBytes(name: string, start: number, into: Uint8Array): Promise<void> {
    const turn = this.#last.then(() => {
      const { tensor, file } = this.#find(name);
      if (start < 0 || start + into.byteLength > tensor.bytes) {
        throw new RangeError(`Bytes ${start} to ${start + into.byteLength} of ${name}, which has ${tensor.bytes}.`);
      }
      return file.read(tensor.offset + start, into);
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  #find(name: string): { readonly tensor: StoredTensor; readonly file: PositionalFile } {
    const tensor = this.tensors.get(name);
    const file = tensor && this.files.get(tensor.file);
    if (tensor !== undefined && file !== undefined) return { tensor, file };
    throw new ModelFileError(`The checkpoint holds no tensor ${JSON.stringify(name)}. Download it again.`);
  }

  async #read(name: string, start: number, into: Float32Array): Promise<void> {
    const { tensor, file } = this.#find(name);
    const { type, elements, offset } = tensor;
    if (!isFloatType(type)) {
      throw new ModelFileError(
        `Tensor ${JSON.stringify(name)} of ${tensor.file} has type ${type}; expected ${floatTypes.join(', ')}. ` +
          'Take the unquantised checkpoint.',
        { details: { file: tensor.file, tensor: name } },
      );
    }
    if (start < 0 || start + into.length > elements) {
      throw new RangeError(`Elements ${start} to ${start + into.length} of ${name}, which has ${elements}.`);
    }
    const width = elementBytes(type);
    const position = offset + start * width;
    if (type === 'F32') return file.read(position, new Uint8Array(into.buffer, into.byteOffset, into.byteLength));
    const step = SCRATCH_BYTES / width;
    for (let done = 0; done < into.length; done += step) {
      const part = into.subarray(done, done + step);
      const bytes = this.#scratch.subarray(0, part.length * width);
      await file.read(position + done * width, bytes);
      decodeFloats(type, bytes, part);
    }
  }

  /** Closes the files. */
  async [asyncDispose](): Promise<void> {
    await this.#last;
    await Promise.all([...this.files.values()].map((file) => file[asyncDispose]()));
  }
}
