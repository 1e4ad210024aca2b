import { generationTraits, ModelFileError, type OvisGeneration } from '@ovis/core';
import type { JsonObject } from './checkpoint-folder.ts';
import type { ShapeOf } from './visual-vocabulary.ts';

/**
 * Tells which generation of Ovis a `config.json` describes, by its keys, because `model_type` is `ovis` for most. Up
 * to 1.6 the same towers occur with different indicators, so there the tensors have the last word.
 *
 * @param shapeOf - Shapes of the checkpoint's tensors, where they are known already.
 * @throws ModelFileError when it is no Ovis model, or one that cannot be converted; the message names it.
 */
export function detectGeneration(config: JsonObject, shapeOf: ShapeOf = () => undefined): OvisGeneration {
  const found = recognise(config, shapeOf);
  if (found === null) {
    throw new ModelFileError(
      `config.json has model_type ${show(config['model_type'])} and describes no Ovis model; expected "ovis" or "ovis2_5". ` +
        'Give the folder of an official checkpoint.',
    );
  }
  return found;
}

function recognise(config: JsonObject, shapeOf: ShapeOf): OvisGeneration | null {
  const type = config['model_type'];
  if (typeof type !== 'string') return null;
  if (type.startsWith('ovis2_6')) return type === 'ovis2_6_next' ? '2.6-next' : '2.6';
  if (type === 'ovis2_5' || (type === 'ovis' && 'vit_config' in config)) return '2.5';
  // `ovis2` is the name in the transformers library, whose config is translated before.
  if (type !== 'ovis' && type !== 'ovis2') return null;
  const tokenizer = config['visual_tokenizer_config'];
  return isObject(tokenizer) ? byVisualTokenizer(tokenizer, indicatorRows(shapeOf)) : null;
}

function byVisualTokenizer(config: JsonObject, indicators: number | null): OvisGeneration | null {
  const hasTiles = indicators === generationTraits['1.6'].indicators.length;
  switch (config['model_type']) {
    case 'aimv2_visual_tokenizer':
      return '2';
    case 'clip_visual_tokenizer':
      return hasTiles ? '1.6' : '1.0';
    case 'siglip_visual_tokenizer': {
      if (typeof config['hd_booster'] === 'string') return '1.5'; // null in 1.6
      const hasOneView = indicators === null ? config['use_indicators'] === true : !hasTiles;
      return hasOneView ? '1.5' : '1.6';
    }
    default:
      return null;
  }
}

/** Rows of the visual embedding table beyond the words. */
function indicatorRows(shapeOf: ShapeOf): number | null {
  const rows = shapeOf('vte.weight')?.[0];
  const words = shapeOf('visual_tokenizer.head.0.weight')?.[0];
  return rows === undefined || words === undefined ? null : rows - words;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
