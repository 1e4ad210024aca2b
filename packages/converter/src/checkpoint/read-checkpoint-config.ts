import {
  generationTraits,
  ModelFileError,
  type GenerationTraits,
  type ModelDescription,
  type OvisGeneration,
} from '@ovis/core';
import * as v from 'valibot';
import { checkJson, LARGEST_CONTEXT, LARGEST_WIDTH, size, tokenIds } from './check-json.ts';
import type { CheckpointConfig, VisionConfig } from './checkpoint-config.ts';
import type { LanguageModelConfig } from './language-model-config.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import { detectGeneration } from './detect-generation.ts';
import { parseLanguageConfig } from './language-config.ts';
import { parseVisionConfig } from './parse-vision-config.ts';
import { nativePreprocessing, tiledPreprocessing } from './preprocessing.ts';
import { promptFormat } from './prompt-format.ts';
import { settleLanguageSizes } from './settle-language-sizes.ts';
import type { ShapeOf } from './visual-vocabulary.ts';

/** The small files of a checkpoint, parsed but not yet believed. */
export type CheckpointFiles = {
  /** Name of the model, for people. */
  readonly name: string;
  /** `config.json`. */
  readonly config: JsonObject;
  /** `preprocessor_config.json`. */
  readonly preprocessor: JsonObject;
  /** `generation_config.json`, where there is one. */
  readonly generation: JsonObject | null;
  /** Ids of the tokenizer's added tokens by their text. */
  readonly addedTokens: ReadonlyMap<string, number>;
  /** Shapes of the tensors, which have the last word where the config is silent or wrong. */
  readonly shapeOf: ShapeOf;
};

const schema = v.looseObject({
  model_type: v.string(),
  architectures: v.nullish(v.array(v.string()), []),
  hidden_size: v.nullish(size(LARGEST_WIDTH, 1)),
  conversation_formatter_class: v.nullish(v.string(), null),
  multimodal_max_length: size(LARGEST_CONTEXT, 32768),
  llm_config: v.looseObject({}),
});

/**
 * Positions that a config's `multimodal_max_length` allows. The official runners of 1.0 and 1.5 load with 8192 instead,
 * 1.6 and 2 truncate prompts to it, and the key that 2.5's generation config has is read by nobody.
 */
const contextLimits: Readonly<Record<GenerationTraits['views'], (told: number) => number>> = {
  single: () => 8192,
  tiles: (told) => told,
  native: () => LARGEST_CONTEXT,
};

const generationSchema = v.looseObject({ eos_token_id: tokenIds });

/**
 * Makes one description of a checkpoint's configs, whatever dialect they are in.
 *
 * @throws ModelFileError when they are malformed, contradict the tensors, or describe a model that cannot be converted.
 */
export function readCheckpointConfig(files: CheckpointFiles): CheckpointConfig {
  const generation = detectGeneration(files.config, files.shapeOf);
  const { views } = generationTraits[generation];
  const config = checkJson(schema, files.config, 'config.json');
  const settled = settleLanguageSizes(config.llm_config, files.shapeOf);
  const { language, stopTokens } = parseLanguageConfig(
    settled.json,
    contextLimits[views](config.multimodal_max_length),
  );
  const parsed = parseVisionConfig(generation, files.config, files.shapeOf);
  const { vision } = parsed;
  const warnings = [
    ...settled.warnings,
    ...parsed.warnings,
    ...checkWidths(config.hidden_size ?? language.hiddenSize, language, vision, files.shapeOf),
  ];
  const thinkEnd = files.addedTokens.get('</think>');
  const model: ModelDescription = {
    generation,
    name: files.name,
    language: describeLanguage(language),
    vision: describeVision(vision),
    preprocessing:
      parsed.views === null
        ? nativePreprocessing(files.preprocessor, vision)
        : tiledPreprocessing(files.preprocessor, files.generation, {
            vision,
            ...parsed.views,
            views: views === 'single' ? 'single' : 'tiles',
          }),
    promptFormat: promptFormat(config.conversation_formatter_class, language),
    stopTokens: stopTokensOf(generation, stopTokens, files),
    thinkEndToken: generationTraits[generation].thinking ? (thinkEnd ?? null) : null,
  };
  checkTokens(model, files.addedTokens);
  return {
    generation,
    modelType: config.model_type,
    architecture: config.architectures[0] ?? '',
    language,
    vision,
    model,
    warnings,
  };
}

function describeLanguage({ modelType, ...language }: LanguageModelConfig): ModelDescription['language'] {
  const { hiddenSize, layers, heads, keyValueHeads, headSize, vocabularySize, contextLength } = language;
  return { architecture: modelType, hiddenSize, layers, heads, keyValueHeads, headSize, vocabularySize, contextLength };
}

function describeVision({ modelType, ...vision }: VisionConfig): ModelDescription['vision'] {
  const { hiddenSize, layers, heads, patchSize, mergeStride, visualVocabularySize, indicators } = vision;
  return {
    architecture: modelType,
    hiddenSize,
    layers,
    heads,
    patchSize,
    mergeStride,
    visualVocabularySize,
    indicators,
  };
}

/**
 * Confirms the config with the two shapes that join the parts of the model. Gives a warning where only the width of
 * the whole model, which nothing else needs, is wrong.
 */
function checkWidths(
  hiddenSize: number,
  language: LanguageModelConfig,
  vision: VisionConfig,
  shapeOf: ShapeOf,
): readonly string[] {
  const tableWidth = shapeOf('vte.weight')?.[1] ?? language.hiddenSize;
  if (tableWidth !== language.hiddenSize) {
    disagree(`width ${language.hiddenSize} of the language model and ${tableWidth} of the table vte.weight`);
  }
  const headInputs = vision.hiddenSize * vision.mergeStride ** 2 * (vision.secondScale === 'none' ? 1 : 2);
  const headColumns = shapeOf('visual_tokenizer.head.0.weight')?.[1] ?? headInputs;
  if (headColumns !== headInputs) {
    disagree(
      `${headColumns} columns of the visual head and ${headInputs}, width times hidden_stride squared of the vision tower`,
    );
  }
  if (hiddenSize === language.hiddenSize) return [];
  return [
    `config.json says "hidden_size" ${hiddenSize}, but the language model has ${language.hiddenSize}; the tensors count.`,
  ];
}

/**
 * Up to Ovis2 the official code ends answers at `eos_token_id` of generation_config.json. In 2.5 the inner language
 * model generates, which knows its own config only. Each falls back on the other.
 */
function stopTokensOf(
  generation: OvisGeneration,
  fromLanguage: readonly number[],
  files: CheckpointFiles,
): readonly number[] {
  const fromGeneration = checkJson(generationSchema, files.generation ?? {}, 'generation_config.json').eos_token_id;
  const turnEnd = files.addedTokens.get('<|im_end|>');
  const choices =
    generationTraits[generation].views !== 'native' ? [fromGeneration, fromLanguage] : [fromLanguage, fromGeneration];
  const found = [...choices, turnEnd === undefined ? [] : [turnEnd]].find((tokens) => tokens.length > 0);
  if (found !== undefined) return [...new Set(found)];
  throw new ModelFileError(
    'Neither generation_config.json nor "llm_config" of config.json has an eos_token_id, so no answer would ever end. ' +
      'Download the missing file.',
  );
}

function checkTokens(model: ModelDescription, addedTokens: ReadonlyMap<string, number>): void {
  const rows = model.language.vocabularySize;
  const beyond = [...model.stopTokens, ...addedTokens.values()].find((token) => token >= rows);
  if (beyond === undefined) return;
  throw new ModelFileError(
    `Token ${beyond} is beyond the ${rows} rows of the text embedding. Does the tokenizer belong to this model?`,
    { details: { token: beyond, rows } },
  );
}

function disagree(what: string): never {
  throw new ModelFileError(
    `The sizes of the checkpoint contradict each other: ${what}. Do config.json and the weights belong to one model?`,
  );
}
