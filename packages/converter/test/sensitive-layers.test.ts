// What int4 stores with 8 bits, in graphs of every kind of layer.
import { expect, test } from 'vitest';
import { buildDecoderGraph } from '../src/graphs/decoder.ts';
import type { TargetDevice } from '../src/lowering/capabilities.ts';
import { createLowering } from '../src/lowering/lowering.ts';
import { languageOf } from './language-fixtures.ts';
import { all } from './one-dtype.ts';

/** Names of the matrices with 8 bits, without the path before the layers. */
function eightBits(model: string, device: TargetDevice): readonly string[] {
  const { weights } = buildDecoderGraph({ language: languageOf(model) }, createLowering(device, all('int4')));
  const names = weights.flatMap(({ name, storage }) => (storage.kind === 'blocks' && storage.bits === 8 ? name : []));
  return names.map((name) => name.replace('llm.model.', '').replace('.weight', ''));
}

test('packed projections and down_proj of layers 0 and 2 of three', () => {
  expect(eightBits('ovis2-tiny', 'cpu')).toEqual([
    'layers.0.self_attn.qkv_proj',
    'layers.0.mlp.down_proj',
    'layers.2.self_attn.qkv_proj',
    'layers.2.mlp.down_proj',
    'llm.lm_head',
  ]);
});

test('the value alone where projections are apart', () => {
  expect(eightBits('ovis2.5-tiny', 'webgpu').slice(0, 2)).toEqual([
    'layers.0.self_attn.v_proj',
    'layers.0.mlp.down_proj',
  ]);
});

test('down_proj of every expert of such a layer', () => {
  const names = eightBits('ovis2.6-moe-tiny', 'cpu').filter((name) => name.startsWith('layers.0.mlp.experts.'));
  expect(names).toEqual(Array.from({ length: 8 }, (_, index) => `layers.0.mlp.experts.${index}.down_proj`));
});
