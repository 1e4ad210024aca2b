import type { DeviceKind } from './device.ts';
import type { GraphSignature } from './graph-contract.ts';
import type { ModelDescription } from './model-description.ts';

/** Version of the bundle layout that this SDK writes and reads. */
export const BUNDLE_VERSION = 1;

/** Name of the manifest inside a bundle. It is written last: a folder without it is not a bundle. */
export const MANIFEST_FILE = 'ovis.json';

/** How the weights of a part are stored. int8 and int4 are block-quantised. */
export const weightDtypes = ['f32', 'f16', 'int8', 'int4'] as const;

/** How the weights of a part are stored. */
export type WeightDtype = (typeof weightDtypes)[number];

/** Parts of a model whose storage is chosen separately. */
export type ModelPart = 'decoder' | 'lmHead' | 'vit' | 'visualHead' | 'visualTable' | 'textTable';

/** A range of bytes in a file of the bundle. */
export type FileRange = { readonly file: string; readonly offset: number; readonly length: number };

/** A matrix that the host reads row by row. */
export type TableDescription = { readonly rows: number; readonly columns: number } & (
  | { readonly storage: 'f32' | 'f16'; readonly data: FileRange }
  | {
      /** Layout of `MatMulNBits`: codes `[rows, blocks, blockSize * bits / 8]`, low bits first. */
      readonly storage: 'blocks';
      readonly bits: 4 | 8;
      readonly blockSize: number;
      readonly codes: FileRange;
      /** float32 `[rows, blocks]`. */
      readonly scales: FileRange;
      /** Packed like the codes, along the blocks of a row; null means `2^(bits-1)` everywhere. */
      readonly zeroPoints: FileRange | null;
    }
);

/** One ONNX graph of the bundle. */
export type GraphDescription = {
  /** The `.onnx` file. */
  readonly file: string;
  /**
   * The same graph over the same weights, for processors whose products of unsigned by signed bytes are not exact (see
   * `IntegerProducts`). Missing or null where one file suits all.
   */
  readonly narrowFile?: string | null;
  /** Files with its weights, beside it. */
  readonly externalData: readonly string[];
  /** Inputs, outputs and state with their shapes. */
  readonly signature: GraphSignature;
  /** The same graph for WebAssembly, which cannot write states in place; missing or null where this one serves there too. */
  readonly wasm?: Omit<GraphDescription, 'wasm'> | null;
};

/** The form of a graph for a device. */
export function graphFor(description: GraphDescription, device: DeviceKind): Omit<GraphDescription, 'wasm'> {
  return device === 'wasm' ? (description.wasm ?? description) : description;
}

/** A file of the bundle. */
export type FileDescription = {
  /** Path inside the bundle, with `/`, without `..`. */
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256. */
  readonly sha256: string;
};

/** What a bundle is: the one JSON file that describes all others. */
export type BundleManifest = {
  readonly format: 'ovis-bundle';
  readonly version: typeof BUNDLE_VERSION;
  readonly source: {
    /** Folder name of the checkpoint. */
    readonly name: string;
    /** `model_type` and first architecture of its config. */
    readonly modelType: string;
    readonly architecture: string;
    /** Version of the converter. */
    readonly converter: string;
    /** How the checkpoint was quantised already, in words; missing for a plain one. */
    readonly quantisation?: string;
  };
  readonly model: ModelDescription;
  /** Storage of each part. */
  readonly dtypes: Readonly<Record<ModelPart, WeightDtype>>;
  /** Device the graphs are laid out for. */
  readonly device: 'cpu' | 'webgpu';
  /** Parameters of the checkpoint that are used, by part. */
  readonly parameters: Readonly<Record<ModelPart, number>>;
  readonly graphs: {
    readonly visualTokenizer: GraphDescription;
    /** Reads any number of new positions. */
    readonly decoder: GraphDescription;
    /**
     * The same model laid out for one new position at a time, with the same contract and equal state specs; null or
     * missing where `decoder` serves for that as well.
     */
    readonly decoderStep?: GraphDescription | null;
  };
  readonly tables: {
    /** `[N, D]`. */
    readonly textEmbeddings: TableDescription;
    /** Indicator rows `[indicators, D]`. */
    readonly visualIndicators: TableDescription;
    /** Learned positions `[positionGrid^2, d]` of native-resolution models. */
    readonly visualPositions: TableDescription | null;
  };
  /** Tokenizer files. */
  readonly tokenizer: { readonly tokenizer: string; readonly config: string | null };
  /** Tensors of the checkpoint that no graph needs, with the reason. */
  readonly unusedTensors: readonly { readonly name: string; readonly reason: string }[];
  /** Things a user should know, for instance a config that contradicts its tensors. */
  readonly warnings: readonly string[];
  /** Every file but the manifest. */
  readonly files: readonly FileDescription[];
};
