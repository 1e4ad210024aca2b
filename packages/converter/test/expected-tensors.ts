import type { BuiltGraph } from '../src/graph/built-graph.ts';
import type { WeightExpression } from '../src/weights/weight-expression.ts';

/** Name and shape of every tensor of the checkpoint that a graph asks for. */
export function expectedTensors(graph: BuiltGraph): ReadonlyMap<string, readonly number[]> {
  return new Map(graph.weights.flatMap(({ expression }) => tensorsOf(expression)));
}

function tensorsOf(expression: WeightExpression): (readonly [string, readonly number[]])[] {
  switch (expression.op) {
    case 'tensor':
      return [[expression.name, expression.shape]];
    case 'concat':
    case 'beside':
      return expression.parts.flatMap(tensorsOf);
    case 'rows':
    case 'reshape':
    case 'add':
      return tensorsOf(expression.of);
    case 'values':
      return [];
  }
}
