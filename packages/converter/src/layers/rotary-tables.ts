import type { GraphBuilder } from '../graph/graph-builder.ts';
import type { Scope } from '../graph/scope.ts';
import type { RopeScaling } from '../checkpoint/language-model-config.ts';
import type { RotaryTables } from './rotary-embedding.ts';
import { vector } from './vector.ts';

/** What the angles of a decoder's positions depend on. */
export type RotaryTableOptions = {
  /** Values of a head that are rotated, `h` in most models. */
  readonly rotarySize: number;
  /** Positions to make rows for. */
  readonly positions: number;
  readonly theta: number;
  readonly scaling: RopeScaling;
};

/**
 * Tables of a decoder's rotary positions, `[positions, rotarySize/2]` each: cosine and sine of
 * `position * theta^(-2i/rotarySize)`. Angles are float64, so far positions do not lose digits.
 */
export function rotaryTables(g: GraphBuilder, scope: Scope, options: RotaryTableOptions): RotaryTables {
  const { positions, rotarySize, scaling } = options;
  const frequencies = rotaryFrequencies(options);
  const factor = scaling.kind === 'yarn' ? scaling.attentionFactor : 1;
  const table = (name: string, of: (angle: number) => number) => {
    const data = new Float32Array(positions * frequencies.length);
    for (let position = 0, index = 0; position < positions; position++) {
      for (const frequency of frequencies) data[index++] = factor * of(position * frequency);
    }
    return vector(g, { op: 'values', shape: [positions, rotarySize / 2], data }, scope, name);
  };
  return { cosines: table('cosines', Math.cos), sines: table('sines', Math.sin) };
}

/** Radians per position of each pair, `[rotarySize/2]`. */
export function rotaryFrequencies({ rotarySize, theta, scaling }: Omit<RotaryTableOptions, 'positions'>): number[] {
  const plain = Array.from({ length: rotarySize / 2 }, (_, pair) => theta ** ((-2 * pair) / rotarySize));
  switch (scaling.kind) {
    case 'none':
      return plain;
    case 'linear':
      return plain.map((frequency) => frequency / scaling.factor);
    case 'llama3': {
      const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContextLength } = scaling;
      return plain.map((frequency) => {
        const turns = (originalContextLength * frequency) / (2 * Math.PI);
        return blend(frequency, factor, (turns - low) / (high - low));
      });
    }
    case 'yarn': {
      const { first, last } = yarnPairs(rotarySize, theta, scaling);
      return plain.map((frequency, pair) => blend(frequency, scaling.factor, 1 - (pair - first) / (last - first)));
    }
  }
}

/** `frequency` as far as it is kept, and divided by `factor` for the rest. */
function blend(frequency: number, factor: number, kept: number): number {
  const part = Math.min(Math.max(kept, 0), 1);
  return frequency * (part + (1 - part) / factor);
}

/** The pairs between which yarn goes over from kept frequencies to divided ones. */
function yarnPairs(rotarySize: number, theta: number, scaling: Extract<RopeScaling, { readonly kind: 'yarn' }>) {
  const { originalContextLength, fastTurns, slowTurns, truncate } = scaling;
  const pairWith = (turns: number) =>
    (rotarySize * Math.log(originalContextLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = [pairWith(fastTurns), pairWith(slowTurns)];
  const first = Math.max(truncate ? Math.floor(low) : low, 0);
  const last = Math.min(truncate ? Math.ceil(high) : high, rotarySize - 1);
  return { first, last: first === last ? last + 0.001 : last }; // as transformers avoids 0 / 0
}
