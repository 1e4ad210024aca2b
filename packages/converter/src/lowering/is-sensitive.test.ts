import { expect, test } from 'vitest';
import { isSensitive } from './is-sensitive.ts';
import { anywhereIn } from './matrix-place.ts';

const sensitiveLayers = (layers: number, role = 'down_proj') =>
  Array.from({ length: layers }, (_, layer) => layer).filter((layer) =>
    isSensitive({ part: 'decoder', role, depth: { layer, layers } }),
  );

test('the first and last eighth of the layers and every third between are sensitive', () => {
  expect(sensitiveLayers(24)).toEqual([0, 1, 2, 5, 8, 11, 14, 17, 20, 21, 22, 23]);
  expect(sensitiveLayers(28)).toEqual([0, 1, 2, 3, 6, 9, 12, 15, 18, 21, 24, 25, 26, 27]);
  expect(sensitiveLayers(2)).toEqual([0]);
});

test('only values and what leaves the feed-forward', () => {
  for (const role of ['qkv_proj', 'v_proj']) expect(sensitiveLayers(24, role)).toEqual(sensitiveLayers(24));
  for (const role of ['q_proj', 'k_proj', 'o_proj', 'up_proj', 'gate_proj', 'gate_up_proj']) {
    expect(sensitiveLayers(24, role)).toEqual([]);
  }
});

test('only in the layers of the language model', () => {
  expect(isSensitive({ ...anywhereIn('decoder'), role: 'down_proj' })).toBe(false);
  expect(isSensitive({ part: 'vit', role: 'down_proj', depth: { layer: 0, layers: 24 } })).toBe(false);
});
