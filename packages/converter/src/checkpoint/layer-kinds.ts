import * as v from 'valibot';
import { checkJson, LARGEST_CONTEXT, LARGEST_LAYERS, size } from './check-json.ts';
import type { JsonObject } from './checkpoint-folder.ts';
import type { LayerRule } from './language-families.ts';
import type { LanguageModelConfig, LayerKind } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

const schema = v.looseObject({
  layer_types: v.nullish(v.array(v.string())),
  sliding_window: v.nullish(size(LARGEST_CONTEXT, 1)),
  use_sliding_window: v.nullish(v.boolean(), false),
  full_attention_interval: size(LARGEST_LAYERS, 4),
});

const names: ReadonlyMap<string, LayerKind> = new Map<string, LayerKind>([
  ['full_attention', 'full'],
  ['sliding_attention', 'sliding'],
  ['linear_attention', 'linear'],
]);

/** Kinds that a family's layers may have. */
const allowed: Readonly<Record<LayerRule, readonly LayerKind[]>> = {
  full: ['full'],
  'alternating-windows': ['full', 'sliding'],
  'linear-but-every-nth': ['full', 'linear'],
};

/** What each layer mixes positions with: as `layer_types` lists it or, without that, as the family's class does. */
export function parseLayerKinds(
  json: JsonObject,
  rule: LayerRule,
  layers: number,
  file: string,
): Pick<LanguageModelConfig, 'layerKinds' | 'slidingWindow'> {
  const config = checkJson(schema, json, file);
  if (config.use_sliding_window) unsupported(file, 'use_sliding_window', true, 'full attention');
  const kinds =
    config.layer_types?.map((name) => names.get(name)) ?? byRule(rule, layers, config.full_attention_interval);
  const known = kinds.filter((kind) => kind !== undefined && allowed[rule].includes(kind));
  if (known.length !== layers || kinds.length !== layers) {
    unsupported(file, 'layer_types', config.layer_types, `${layers} layers of ${allowed[rule].join(' or ')} attention`);
  }
  const layerKinds = known.filter((kind) => kind !== undefined);
  if (!layerKinds.includes('sliding')) return { layerKinds, slidingWindow: null };
  const slidingWindow = config.sliding_window;
  if (typeof slidingWindow !== 'number') return unsupported(file, 'sliding_window', slidingWindow, 'a window');
  return { layerKinds, slidingWindow };
}

function byRule(rule: LayerRule, layers: number, interval: number): readonly LayerKind[] {
  return Array.from({ length: layers }, (_, layer): LayerKind => {
    if (rule === 'alternating-windows') return layer % 2 === 0 ? 'sliding' : 'full';
    if (rule === 'linear-but-every-nth') return (layer + 1) % interval === 0 ? 'full' : 'linear';
    return 'full';
  });
}
