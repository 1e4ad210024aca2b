import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { RopeScaling } from '../checkpoint/checkpoint-config.ts';
import type { RotaryTables } from './rotary-embedding.ts';
import { vector } from './vector.ts';

/** What the angles of a decoder's positions depend on. */
export type RotaryTableOptions = {
  /** `h`. */
  readonly headSize: number;
  /** Positions to make rows for. */
  readonly positions: number;
  readonly theta: number;
  readonly scaling: RopeScaling;
};

/**
 * Tables of a decoder's rotary positions, `[positions, h/2]` each: cosine and sine of
 * `position * theta^(-2i/h)`. Angles are float64, so far positions do not lose digits.
 */
export function rotaryTables(g: GraphBuilder, scope: Scope, options: RotaryTableOptions): RotaryTables {
  const { positions, headSize } = options;
  const frequencies = rotaryFrequencies(options);
  const table = (name: string, of: (angle: number) => number) => {
    const data = new Float32Array(positions * frequencies.length);
    for (let position = 0, index = 0; position < positions; position++) {
      for (const frequency of frequencies) data[index++] = of(position * frequency);
    }
    return vector(g, { op: 'values', shape: [positions, headSize / 2], data }, scope, name);
  };
  return { cosines: table('cosines', Math.cos), sines: table('sines', Math.sin) };
}

/** Radians per position of each pair, `[h/2]`. */
export function rotaryFrequencies({ headSize, theta, scaling }: Omit<RotaryTableOptions, 'positions'>): number[] {
  return Array.from({ length: headSize / 2 }, (_, pair) => scaled(theta ** ((-2 * pair) / headSize), scaling));
}

function scaled(frequency: number, scaling: RopeScaling): number {
  switch (scaling.kind) {
    case 'none':
      return frequency;
    case 'linear':
      return frequency / scaling.factor;
    case 'llama3': {
      const { factor, lowFrequencyFactor: low, highFrequencyFactor: high } = scaling;
      const turns = (scaling.originalContextLength * frequency) / (2 * Math.PI);
      const kept = Math.min(Math.max((turns - low) / (high - low), 0), 1);
      return frequency * (kept + (1 - kept) / factor);
    }
  }
}
