import { visualTokenizerIntermediates, type ModelDescription, type Tensor } from '@ovis/core';
import { viewsTogether } from '../tiles/views-together.ts';
import { floatOutput, integerOutput, type GraphOutputs } from './graph-outputs.ts';
import { joinFloatRows, joinIntegerRows } from './join-rows.ts';
import type { VisualIntermediates, VisualTokens } from './visual-tokens.ts';

type IntermediateName = keyof VisualIntermediates;

/** Names of the intermediate values. */
export const intermediateNames = Object.keys(visualTokenizerIntermediates) as readonly IntermediateName[];

/** Checks what each run gives back and joins it at the end. */
export class CollectedTokens {
  readonly #dims: (views: number) => Readonly<Record<IntermediateName, readonly (number | null)[]>>;
  readonly #together: number;
  readonly #tokensPerGroup: number;
  readonly #hiddenSize: number;
  readonly #embeddings: Tensor<'float32'>[] = [];
  readonly #words: Tensor<'int32'>[] = [];
  readonly #probabilities: Tensor<'float32'>[] = [];
  readonly #entropy: Tensor<'float32'>[] = [];
  readonly #intermediates: Readonly<Record<IntermediateName, Tensor<'float32'>[]>> | null;
  #wordsPerToken: number | null = null;

  constructor(tokensPerGroup: number, model: ModelDescription, intermediates: boolean) {
    const { hiddenSize, mergeStride, visualVocabularySize } = model.vision;
    this.#together = viewsTogether(model);
    this.#tokensPerGroup = tokensPerGroup;
    this.#hiddenSize = model.language.hiddenSize;
    this.#intermediates = intermediates
      ? { vit_features: [], head_input: [], visual_logits: [], visual_probs: [] }
      : null;
    const scales = this.#together === 1 ? 1 : 2;
    this.#dims = (views) => {
      const tokens = this.#tokensOf(views);
      return {
        vit_features: [views, null, hiddenSize], // a class token may come on top of the patches
        head_input: [tokens, scales * hiddenSize * mergeStride ** 2],
        visual_logits: [tokens, visualVocabularySize],
        visual_probs: [tokens, visualVocabularySize],
      };
    };
  }

  /** Takes the outputs of a run over the next `views` views. */
  add(outputs: GraphOutputs, views: number): void {
    const tokens = this.#tokensOf(views);
    this.#embeddings.push(floatOutput(outputs, 'visual_embeddings', [tokens, this.#hiddenSize]));
    const words = integerOutput(outputs, 'top_words', [tokens, this.#wordsPerToken]);
    this.#wordsPerToken = words.dims[1] ?? 0;
    this.#words.push(words);
    this.#probabilities.push(floatOutput(outputs, 'top_probabilities', [tokens, this.#wordsPerToken]));
    this.#entropy.push(floatOutput(outputs, 'entropy', [tokens]));
    if (this.#intermediates === null) return;
    for (const name of intermediateNames) {
      this.#intermediates[name].push(floatOutput(outputs, name, this.#dims(views)[name]));
    }
  }

  #tokensOf(views: number): number {
    return (views / this.#together) * this.#tokensPerGroup;
  }

  /** All of it. */
  join(): VisualTokens {
    const embeddings = joinFloatRows(this.#embeddings);
    return {
      data: embeddings.data,
      length: embeddings.dims[0] ?? 0,
      hiddenSize: this.#hiddenSize,
      wordsPerToken: this.#wordsPerToken ?? 0,
      topWords: joinIntegerRows(this.#words).data,
      topProbabilities: joinFloatRows(this.#probabilities).data,
      entropy: joinFloatRows(this.#entropy).data,
      ...(this.#intermediates === null ? {} : { intermediates: joinIntermediates(this.#intermediates) }),
    };
  }
}

function joinIntermediates(parts: Readonly<Record<IntermediateName, Tensor<'float32'>[]>>): VisualIntermediates {
  return {
    vit_features: joinFloatRows(parts.vit_features),
    head_input: joinFloatRows(parts.head_input),
    visual_logits: joinFloatRows(parts.visual_logits),
    visual_probs: joinFloatRows(parts.visual_probs),
  };
}
