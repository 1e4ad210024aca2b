import { InvalidArgumentError, weightDtypes, type ModelPart, type OnProgress, type WeightDtype } from '@ovis/core';
import type { SensitiveDtype } from './lowering/is-sensitive.ts';
import type { KeyValueDtype } from './lowering/lowering.ts';
import { MAX_THREADS } from './quantise/open-quantiser.ts';

/** Parts of a model, in the order of a manifest. */
const modelParts = [
  'decoder',
  'lmHead',
  'vit',
  'visualHead',
  'visualTable',
  'textTable',
] as const satisfies ModelPart[];

const DEFAULT_SHARD_BYTES = 512_000_000;
const SMALLEST_SHARD = 65_536;
const LARGEST_SHARD = 2 ** 40;

/** Options of `convertCheckpoint`. */
export type ConvertOptions = {
  /**
   * Storage of all weights: `f32` exact, `f16` half of it, `int8` and `int4` in blocks with a scale each. What does not
   * forgive 4 bits (all but the decoder's layers, and the most sensitive matrices of these) takes 8 where `int4` is
   * asked. Default: `int8`.
   */
  readonly dtype?: WeightDtype;
  /** Storage of single parts, before `dtype`. */
  readonly dtypes?: Readonly<Partial<Record<ModelPart, WeightDtype>>>;
  /** Device the graphs are laid out for; `cpu` is also the browser's WASM. Default: `cpu`. */
  readonly device?: 'cpu' | 'webgpu';
  /**
   * Whether a language model in int4 for a CPU is stored in int8 as well, to read prompts with: a CPU reads them two to
   * three times as fast so. Costs a byte per parameter of the decoder, in the bundle and in memory. Default: `int8` up
   * to two billion parameters, else `same`; always `same` for other dtypes and devices.
   */
  readonly prefill?: 'int8' | 'same' | undefined;
  /**
   * What an `int4` language model keeps its most sensitive matrices in (a third of the values and of what leaves the
   * feed-forward): `int8`, or `same` for 4 bits throughout, which writes faster and errs more. Default: `int8`.
   */
  readonly sensitive?: SensitiveDtype | undefined;
  /**
   * How keys and values of earlier positions are kept while an answer is generated: `f32`, or `int8` with a scale per row,
   * which takes a bit more than a quarter of the memory. Only for `cpu`. Default: `f32`.
   */
  readonly keyValues?: KeyValueDtype | undefined;
  /** Whether the visual tokenizer graph also gives its inner values, to compare with a reference. Default: false. */
  readonly intermediates?: boolean;
  /** Whether a bundle that lies at the target is replaced, once the new one is complete. Default: false. */
  readonly overwrite?: boolean;
  /**
   * Threads that search for the best scales of int8 and int4, in [1, 16]; 1 is the caller's own. The bytes are the same
   * whatever their number. Default: as many as the machine runs at once, and 1 for models of few parameters.
   */
  readonly threads?: number;
  /**
   * Most bytes of one file of weights, in [65536, 2 ** 40]; more weights make more files, and no tensor is cut. Files of
   * half a gigabyte load in every browser and resume where a download broke off. Default: 512,000,000.
   */
  readonly shardBytes?: number;
  /** Told after every few megabytes; phase `convert`, bytes of the bundle. */
  readonly onProgress?: OnProgress | undefined;
  /** Ends the conversion within a few megabytes of work; nothing is left behind. */
  readonly signal?: AbortSignal | undefined;
};

/** Options with every default filled in. */
export type ResolvedConvertOptions = {
  readonly dtypes: Readonly<Record<ModelPart, WeightDtype>>;
  readonly device: 'cpu' | 'webgpu';
  readonly keyValues: KeyValueDtype;
  readonly sensitive: SensitiveDtype;
  /** Null where the model decides. */
  readonly prefill: 'int8' | 'same' | null;
  readonly intermediates: boolean;
  readonly overwrite: boolean;
  /** Null where the machine and the model decide. */
  readonly threads: number | null;
  readonly shardBytes: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal | undefined;
};

/** @throws InvalidArgumentError for values that are none of those documented. */
export function resolveConvertOptions(options: ConvertOptions): ResolvedConvertOptions {
  const { dtype = 'int8', dtypes = {}, device = 'cpu', intermediates = false, overwrite = false } = options;
  oneOf('dtype', dtype, weightDtypes);
  oneOf('device', device, ['cpu', 'webgpu']);
  const {
    sensitive = 'int8',
    keyValues = 'f32',
    threads = null,
    prefill = null,
    shardBytes = DEFAULT_SHARD_BYTES,
  } = options;
  oneOf('sensitive', sensitive, ['int8', 'same']);
  oneOf('keyValues', keyValues, ['f32', 'int8']);
  if (keyValues !== 'f32' && device !== 'cpu') {
    throw new InvalidArgumentError(
      `"keyValues" is ${keyValues}, which only graphs for "cpu" can keep, not for "${device}".`,
    );
  }
  if (prefill !== null) oneOf('prefill', prefill, ['int8', 'same']);
  if (threads !== null && !(Number.isInteger(threads) && threads >= 1 && threads <= MAX_THREADS)) {
    throw new InvalidArgumentError(`"threads" is ${threads}; expected an integer in [1, ${MAX_THREADS}].`);
  }
  if (!(Number.isInteger(shardBytes) && shardBytes >= SMALLEST_SHARD && shardBytes <= LARGEST_SHARD)) {
    throw new InvalidArgumentError(
      `"shardBytes" is ${shardBytes}; expected an integer in [${SMALLEST_SHARD}, ${LARGEST_SHARD}].`,
    );
  }
  for (const [part, value] of Object.entries(dtypes)) {
    oneOf('dtypes', part, modelParts);
    if (value !== undefined) oneOf(`dtypes.${part}`, value, weightDtypes);
  }
  const of = (part: ModelPart) => dtypes[part] ?? dtype;
  return {
    dtypes: {
      decoder: of('decoder'),
      lmHead: of('lmHead'),
      vit: of('vit'),
      visualHead: of('visualHead'),
      visualTable: of('visualTable'),
      textTable: of('textTable'),
    },
    device,
    keyValues,
    sensitive,
    prefill: device === 'cpu' && of('decoder') === 'int4' ? prefill : 'same',
    intermediates,
    overwrite,
    threads,
    shardBytes,
    onProgress: options.onProgress ?? (() => undefined),
    signal: options.signal,
  };
}

function oneOf(name: string, value: unknown, known: readonly string[]): void {
  if (typeof value === 'string' && known.includes(value)) return;
  throw new InvalidArgumentError(`"${name}" is ${String(value)}; expected one of ${known.join(', ')}.`);
}
