import type { ModelPart } from '@ovis/core';
import type { MatrixPlace } from '../lowering/matrix-place.ts';
import type { WeightExpression } from '../weights/weight-expression.ts';

/**
 * A place in the checkpoint: it names the weights, the nodes and their outputs at once, so an error or a
 * profile leads straight to the source line. Every scope belongs to one part of the model, whose storage is
 * chosen as a whole.
 */
export class Scope implements MatrixPlace {
  /** The part of the model that the weights below belong to. */
  readonly part: ModelPart;
  /** The layer that this is in, or null outside a stack of layers. */
  readonly depth: MatrixPlace['depth'];
  readonly #segments: readonly string[];

  constructor(part: ModelPart, segments: readonly string[] = [], depth: MatrixPlace['depth'] = null) {
    this.part = part;
    this.depth = depth;
    this.#segments = segments;
  }

  /** The scope below; `index` makes the usual `layers.3`. */
  child(name: string, index?: number): Scope {
    const segment = index === undefined ? name : `${name}.${index}`;
    return new Scope(this.part, [...this.#segments, segment], this.depth);
  }

  /** The scope of layer `index` of `count` below: `layers.3`. */
  layer(name: string, index: number, count: number): Scope {
    return new Scope(this.part, [...this.#segments, `${name}.${index}`], { layer: index, layers: count });
  }

  /** The last name of the path: `down_proj`. */
  get role(): string {
    return this.#segments.at(-1) ?? '';
  }

  /** Name of a tensor here, as the checkpoint spells it: `llm.model.norm.weight`. */
  name(tensor: string): string {
    return [...this.#segments, tensor].join('.');
  }

  /** A tensor of the checkpoint; `shape` is what the model expects and is checked when it is read. */
  tensor(name: string, shape: readonly number[]): WeightExpression {
    return { op: 'tensor', name: this.name(name), shape };
  }

  /** Path of a node here: `/llm/model/norm/SimplifiedLayerNormalization`. */
  path(operator: string): string {
    return `/${[...this.#segments, operator].join('/')}`;
  }
}
