import { expect, test } from 'vitest';
import { Scope } from './scope.ts';

test('names tensors and nodes after the same place', () => {
  const scope = new Scope('decoder', ['llm', 'model']).child('layers', 3).child('mlp');
  expect(scope.part).toBe('decoder');
  expect(scope.name('weight')).toBe('llm.model.layers.3.mlp.weight');
  expect(scope.path('Mul')).toBe('/llm/model/layers.3/mlp/Mul');
  expect(scope.role).toBe('mlp');
  expect(scope.depth).toBeNull();
  expect(scope.tensor('weight', [2])).toEqual({ op: 'tensor', name: 'llm.model.layers.3.mlp.weight', shape: [2] });
});

test('knows the layer it is in', () => {
  const scope = new Scope('decoder', ['llm', 'model']).layer('layers', 3, 24).child('mlp').child('down_proj');
  expect(scope.name('weight')).toBe('llm.model.layers.3.mlp.down_proj.weight');
  expect(scope.role).toBe('down_proj');
  expect(scope.depth).toEqual({ layer: 3, layers: 24 });
});
