import {
  float32Tensor,
  int64Tensor,
  visualTokenizerIntermediates,
  type GraphSignature,
  type ModelDescription,
  type NamedTensors,
  type Tensor,
  type VisionDescription,
} from '@ovis/core';
import { openFakeBackend } from '@ovis/testing';
import { VisualTokenizer, type VisualTokenizerSource } from '../src/index.ts';
import { contractOf } from '../src/session/contract-of.ts';

/** What a test changes about the fake graph. */
export type FakeVisualGraphOptions = {
  readonly intermediates?: boolean;
  /** Sees the outputs of each run before they are returned, and may change them. */
  readonly onRun?: (outputs: NamedTensors, call: number) => NamedTensors | Promise<NamedTensors>;
};

/**
 * A visual tokenizer over a fake graph: every number of a token is the mean of its view's patches, so that
 * views cannot be mixed up unnoticed.
 */
export async function openFakeVisualTokenizer(model: ModelDescription, options: FakeVisualGraphOptions = {}) {
  const { intermediates = false, onRun = (outputs) => outputs } = options;
  const native = model.preprocessing.kind === 'native';
  const contract = contractOf(model);
  const signature: GraphSignature = {
    inputs: contract.inputs,
    outputs: { ...contract.outputs, ...(intermediates ? visualTokenizerIntermediates : {}) },
    state: [],
  };
  const calls: NamedTensors[] = [];
  const backend = openFakeBackend([
    {
      source: 'visual-tokenizer.onnx',
      signature,
      async run(inputs) {
        calls.push(inputs);
        return onRun(outputsFor(inputs['patches'], model, intermediates), calls.length);
      },
    },
  ]);
  const side = native ? (model.preprocessing.positionGrid ?? 0) : 0;
  const source: VisualTokenizerSource = {
    backend,
    graph: { kind: 'path', path: 'visual-tokenizer.onnx' },
    description: { file: 'visual-tokenizer.onnx', externalData: [], signature },
    model,
    positions: side === 0 ? null : new Float32Array(side ** 2 * model.vision.hiddenSize).fill(0.25),
  };
  return { backend, calls, source, tokenizer: await VisualTokenizer.open(source) };
}

/** A float32 tensor whose elements are given by their index. */
export function filled(dims: readonly number[], value: (index: number) => number): Tensor<'float32'> {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return float32Tensor(
    Float32Array.from({ length }, (_, index) => value(index)),
    dims,
  );
}

function outputsFor(patches: Tensor | undefined, model: ModelDescription, intermediates: boolean): NamedTensors {
  if (!(patches?.data instanceof Float32Array)) throw new Error('No patches.');
  const { data } = patches;
  const [views = 0, perView = 0] = patches.dims;
  const numbers = data.length / views;
  const means = Array.from({ length: views }, (_, view) => {
    return data.subarray(view * numbers, (view + 1) * numbers).reduce((sum, value) => sum + value, 0) / numbers;
  });
  const { hiddenSize } = model.language;
  const tokens = (views * perView) / model.vision.mergeStride ** 2;
  const meanOf = (token: number) => means[Math.floor((token * views) / tokens)] ?? Number.NaN;
  const words = Array.from({ length: tokens * 3 }, (_, i) => i % 3);
  return {
    visual_embeddings: filled([tokens, hiddenSize], (i) => meanOf(Math.floor(i / hiddenSize))),
    top_words: int64Tensor(words, [tokens, 3]),
    top_probabilities: filled([tokens, 3], (i) => 0.5 / ((i % 3) + 1)),
    entropy: filled([tokens], meanOf),
    ...(intermediates ? intermediatesFor(views, perView, model.vision) : {}),
  };
}

function intermediatesFor(views: number, perView: number, vision: VisionDescription): NamedTensors {
  const { hiddenSize, mergeStride, visualVocabularySize } = vision;
  const tokens = (views * perView) / mergeStride ** 2;
  return {
    vit_features: filled([views, perView, hiddenSize], (i) => i),
    head_input: filled([tokens, hiddenSize * mergeStride ** 2], (i) => i),
    visual_logits: filled([tokens, visualVocabularySize], (i) => i),
    visual_probs: filled([tokens, visualVocabularySize], (i) => i),
  };
}
