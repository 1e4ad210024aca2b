import { generationTraits, type OvisGeneration } from '@ovis/core';
import { parseAimv2Config } from './aimv2-config.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import { parseClipConfig } from './clip-config.ts';
import { parseSiglipConfig } from './siglip-config.ts';
import { parseSiglip2Config } from './siglip2-config.ts';
import { unsupported } from './unsupported.ts';
import { VISUAL_TOKENIZER, type ParsedVision } from './visual-tokenizer-config.ts';
import type { ShapeOf } from './visual-vocabulary.ts';

type Parser = (generation: OvisGeneration, config: JsonObject, shapeOf: ShapeOf) => ParsedVision;

/** Parsers by the `model_type` of the visual tokenizer. */
const parsers: ReadonlyMap<unknown, Parser> = new Map<unknown, Parser>([
  ['clip_visual_tokenizer', parseClipConfig],
  ['siglip_visual_tokenizer', parseSiglipConfig],
  ['aimv2_visual_tokenizer', parseAimv2Config],
]);

/**
 * Parses the vision tower and the visual vocabulary of a `config.json`.
 *
 * @throws ModelFileError when they are malformed, contradictory, or of a kind that the graphs do not have.
 */
export function parseVisionConfig(generation: OvisGeneration, config: JsonObject, shapeOf: ShapeOf): ParsedVision {
  if (generationTraits[generation].views === 'native') return parseSiglip2Config(generation, config, shapeOf);
  const tokenizer = config['visual_tokenizer_config'];
  const type: unknown =
    typeof tokenizer === 'object' && tokenizer !== null && 'model_type' in tokenizer && tokenizer.model_type;
  const parser = parsers.get(type) ?? unsupported(VISUAL_TOKENIZER, 'model_type', type, [...parsers.keys()].join(', '));
  return parser(generation, config, shapeOf);
}
