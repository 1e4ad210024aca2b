import * as v from 'valibot';
import { checkJson } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';

const FILE = 'config.json';

const schema = v.looseObject({
  text_config: v.looseObject({ tie_word_embeddings: v.nullish(v.boolean()) }),
  vision_config: v.looseObject({
    vocab_size: v.nullish(v.unknown()),
    tokenize_function: v.nullish(v.unknown()),
    hidden_stride: v.nullish(v.unknown()),
    mlp_bias: v.nullish(v.unknown()),
  }),
  tie_word_embeddings: v.nullish(v.boolean()),
});

/** What a user must know about a checkpoint in this layout. */
export const nativeWarning =
  'The checkpoint is in the layout of the transformers library. It is converted to behave like the official model: ' +
  'official preprocessing, and no final norm after the vision tower; the library applies that norm and cuts pictures ' +
  'differently, so its answers differ.';

/** Whether a `config.json` is that of Ovis2 in the transformers library. */
export function isNativeOvis2(config: JsonObject): boolean {
  return config['model_type'] === 'ovis2' && 'text_config' in config && 'vision_config' in config;
}

/**
 * The official config that says the same. `model_type` stays, to tell where the checkpoint comes from.
 *
 * @param hasHead - Whether the checkpoint stores an output head; without, the head can only be the embedding.
 * @throws ModelFileError when it is malformed.
 */
export function officialConfig(config: JsonObject, hasHead: boolean): JsonObject {
  const { text_config: text, vision_config: vision, ...rest } = checkJson(schema, config, FILE);
  const tied = text.tie_word_embeddings ?? rest.tie_word_embeddings ?? false;
  return {
    ...rest,
    llm_config: { ...text, tie_word_embeddings: !hasHead || tied },
    visual_tokenizer_config: {
      model_type: 'aimv2_visual_tokenizer',
      vocab_size: vision.vocab_size,
      tokenize_function: vision.tokenize_function,
      hidden_stride: vision.hidden_stride,
      backbone_config: { ...vision, model_type: 'aimv2', use_bias: vision.mlp_bias },
    },
  };
}

/** Of the library's preprocessing only the numbers count that both have; the tower tells the side of a view. */
export function officialPreprocessor(preprocessor: JsonObject): JsonObject {
  const numbers = Object.entries(preprocessor).filter(([key]) => key !== 'size' && key !== 'crop_size');
  return { ...Object.fromEntries(numbers), image_processor_type: 'CLIPImageProcessor' };
}
