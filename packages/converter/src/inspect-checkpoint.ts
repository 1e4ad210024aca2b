import type { ModelDescription } from '@ovis/core';
import { openCheckpoint } from './checkpoint/open-checkpoint.ts';
import { describeQuantisation, type Quantisation } from './packed/quantisation.ts';
import type { ElementType } from './safetensors/element-type.ts';
import type { StoredTensor } from './safetensors/stored-tensor.ts';

/** Parts of a checkpoint as its tensors are named; `other` are tensors that no official checkpoint has. */
const checkpointParts = ['vit', 'visualHead', 'visualTable', 'textTable', 'decoder', 'lmHead', 'other'] as const;

/** A part of a checkpoint. */
export type CheckpointPart = (typeof checkpointParts)[number];

/** Tensors taken together. */
export type TensorTotals = {
  /** How many. */
  readonly tensors: number;
  /** Elements of all of them. */
  readonly parameters: number;
  /** Bytes in the checkpoint. */
  readonly bytes: number;
};

/** How linear layers of a checkpoint are quantised. */
export type CheckpointQuantisation = Quantisation & {
  /** Layers that are. */
  readonly matrices: number;
  /** All of it in words: `gptq int4, groups of 128`. */
  readonly description: string;
};

/** What a checkpoint is, as far as its small files and the headers of its large ones tell. */
export type CheckpointSummary = {
  /** Tells it from the summary of a bundle. */
  readonly kind: 'checkpoint';
  /** Absolute path of the folder. */
  readonly path: string;
  /** `model_type` of its config. */
  readonly modelType: string;
  /** First of the `architectures` of its config; empty where there is none. */
  readonly architecture: string;
  /** What a bundle of it would say of the model. */
  readonly model: ModelDescription;
  /** All tensors; a packed layer counts as the matrix that it is. */
  readonly total: TensorTotals;
  /** Tensors by part. */
  readonly parts: Readonly<Record<CheckpointPart, TensorTotals>>;
  /** By element type, as safetensors spells it; words of packed layers count as they are stored. */
  readonly dtypes: Readonly<Partial<Record<ElementType, TensorTotals>>>;
  /** Files that hold tensors. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly tensors: number }[];
  /** How linear layers are quantised; null for a plain checkpoint. */
  readonly quantisation: CheckpointQuantisation | null;
  /** Contradictions that do not hinder a conversion, in words. */
  readonly warnings: readonly string[];
};

/**
 * Describes a checkpoint without reading its weights.
 *
 * @param folder - Folder in the official layout (Ovis2, Ovis2.5).
 * @throws ModelFileError when a file is missing, malformed, or describes a model that cannot be converted.
 * @throws TokenizerError when the tokenizer is missing or malformed.
 */
export async function inspectCheckpoint(folder: string): Promise<CheckpointSummary> {
  await using checkpoint = await openCheckpoint(folder);
  const { config, stored, quantised } = checkpoint;
  const all = [...checkpoint.tensors.tensors.values()];
  const files = [...stored.tensors.values()];
  const types = [...new Set(files.map(({ type }) => type))].toSorted();
  const part = (name: CheckpointPart) => totals(all.filter((tensor) => partOf(tensor.name) === name));
  return {
    kind: 'checkpoint',
    path: checkpoint.folder.path,
    modelType: config.modelType,
    architecture: config.architecture,
    model: config.model,
    total: totals(all),
    parts: {
      vit: part('vit'),
      visualHead: part('visualHead'),
      visualTable: part('visualTable'),
      textTable: part('textTable'),
      decoder: part('decoder'),
      lmHead: part('lmHead'),
      other: part('other'),
    },
    dtypes: Object.fromEntries(types.map((type) => [type, totals(files.filter((tensor) => tensor.type === type))])),
    files: [...stored.files.values()].map(({ name, size }) => ({
      path: name,
      bytes: size,
      tensors: files.filter(({ file }) => file === name).length,
    })),
    quantisation: quantised && {
      ...quantised.settings,
      matrices: quantised.tensors.linears.size,
      description: describeQuantisation(quantised.settings),
    },
    warnings: [...config.warnings, ...stored.warnings],
  };
}

function totals(tensors: readonly StoredTensor[]): TensorTotals {
  return {
    tensors: tensors.length,
    parameters: tensors.reduce((sum, { elements }) => sum + elements, 0),
    bytes: tensors.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function partOf(name: string): CheckpointPart {
  if (name === 'vte.weight') return 'visualTable';
  if (name.startsWith('visual_tokenizer.head.')) return 'visualHead';
  if (name.startsWith('visual_tokenizer.')) return 'vit';
  if (name === 'llm.model.embed_tokens.weight') return 'textTable';
  if (name.startsWith('llm.lm_head.')) return 'lmHead';
  return name.startsWith('llm.') ? 'decoder' : 'other';
}
