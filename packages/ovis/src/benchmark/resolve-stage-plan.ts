import { InvalidArgumentError } from '@ovis/core';
import type { StagePlan } from './benchmark-types.ts';

/** A {@link StagePlan} with its defaults, checked. */
export type ResolvedStagePlan = {
  readonly prefill: readonly number[];
  readonly decode: readonly number[];
  readonly steps: number;
  readonly repeat: number;
  readonly picture: boolean;
};

const defaultPrefill = [256, 1024, 2048];
const defaultDecode = [64, 512, 2048];
const MAX_LENGTHS = 64;

/**
 * Checks a plan against the model's context and fills in what was not said.
 *
 * @param contextLength - Positions the model holds.
 * @throws InvalidArgumentError when a number is out of range or a length does not fit.
 */
export function resolveStagePlan(plan: StagePlan, contextLength: number): ResolvedStagePlan {
  const { steps = 16, repeat = 3, picture = true } = plan;
  checkCount(steps, 'steps', 1024);
  checkCount(repeat, 'repeat', 100);
  // Besides the timed steps there is one before them, which is slower.
  const room = { prefill: contextLength - 1, decode: contextLength - steps - 1 };
  return {
    prefill: checkLengths(
      plan.prefill ?? defaultPrefill.filter((length) => length <= room.prefill),
      'prefill',
      room.prefill,
    ),
    decode: checkLengths(plan.decode ?? defaultDecode.filter((length) => length <= room.decode), 'decode', room.decode),
    steps,
    repeat,
    picture,
  };
}

function checkCount(value: number, name: string, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw new InvalidArgumentError(`${name} is ${value}; expected a whole number from 1 to ${most}.`);
  }
}

function checkLengths(lengths: readonly number[], name: string, most: number): readonly number[] {
  if (lengths.length > MAX_LENGTHS) {
    throw new InvalidArgumentError(`${name} has ${lengths.length} lengths; at most ${MAX_LENGTHS} are measured.`);
  }
  for (const length of lengths) {
    if (!Number.isInteger(length) || length < 1 || length > most) {
      throw new InvalidArgumentError(
        `${name} has the length ${length}; expected whole numbers from 1 to ${most}, which is what this model holds.`,
      );
    }
  }
  return [...new Set(lengths)].toSorted((a, b) => a - b);
}
