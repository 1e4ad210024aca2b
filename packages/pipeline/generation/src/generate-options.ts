import { InvalidArgumentError } from '@ovis/core';
import { randomSource } from './sampling/random-source.ts';
import type { SamplerOptions } from './sampling/sampler.ts';

/** A bound on thinking, for models that think between `<think>` tags. */
export type ThinkingBudget = {
  /** Tokens the model may think, 1 or more; when they are used up and it still thinks, it is told to answer. */
  readonly budget: number;
  /** The token that closes the thinking part. */
  readonly endToken: number;
  /** What is written for the model when the budget is used up; part of the answer. */
  readonly earlyStopIds: readonly number[];
};

/** How to generate. */
export type GenerateOptions = {
  /**
   * Upper bound on new tokens, 1 to 1,000,000; the context length bounds them as well. Only the early-stop
   * tokens of a thinking budget may go beyond it, as in the official code. Default: 512.
   */
  readonly maxNewTokens?: number;
  /** Randomness, 0 to 100; 0 always takes the most likely token and ignores topK, topP, minP and seed. Default: 0. */
  readonly temperature?: number;
  /** Draw from this many most likely tokens, an integer from 0; 0 means all. Default: 0. */
  readonly topK?: number;
  /** Draw from the most likely tokens that together have this probability, above 0 to 1. Default: 1. */
  readonly topP?: number;
  /** Draw only tokens at least this fraction as likely as the most likely one, 0 to 1. Default: 0. */
  readonly minP?: number;
  /**
   * Divides positive and multiplies negative logits of tokens that were generated before, above 0 to 100; 1
   * changes nothing. The prompt does not count. Default: 1.
   */
  readonly repetitionPenalty?: number;
  /** Start of the random numbers, an integer from 0 to 2^53 - 1; the same seed gives the same answer. Default: by chance. */
  readonly seed?: number;
  /** Tokens that end the answer and are not part of it. Default: those of the model. */
  readonly stopTokens?: readonly number[];
  /** Bounds the thinking part. Default: no bound. */
  readonly thinking?: ThinkingBudget;
  /** Ends the run before its next step; the stream then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

/** {@link GenerateOptions} with defaults applied and ranges checked. */
export type ResolvedGenerateOptions = {
  readonly maxNewTokens: number;
  readonly sampler: SamplerOptions;
  readonly stopTokens: ReadonlySet<number>;
  readonly thinking: ThinkingBudget | null;
  readonly signal: AbortSignal | undefined;
};

/** What the options are checked against. */
export type GenerateLimits = {
  /** `N`, tokens in the vocabulary. */
  readonly vocabularySize: number;
  /** Tokens that end an answer of this model. */
  readonly stopTokens: readonly number[];
};

/**
 * Applies defaults and checks every option.
 *
 * @throws InvalidArgumentError naming the option, its range and what was given.
 */
export function resolveGenerateOptions(options: GenerateOptions, limits: GenerateLimits): ResolvedGenerateOptions {
  const { maxNewTokens = 512, temperature = 0, topK = 0, topP = 1, minP = 0, repetitionPenalty = 1 } = options;
  const { seed = Math.floor(Math.random() * 2 ** 32), stopTokens = limits.stopTokens, thinking = null } = options;
  assertInteger('maxNewTokens', maxNewTokens, 1, 1_000_000);
  assertNumber('temperature', temperature, 0, 100);
  assertInteger('topK', topK, 0, Number.MAX_SAFE_INTEGER);
  assertNumber('topP', topP, 0, 1, 'open');
  assertNumber('minP', minP, 0, 1);
  assertNumber('repetitionPenalty', repetitionPenalty, 0, 100, 'open');
  assertInteger('seed', seed, 0, Number.MAX_SAFE_INTEGER);
  assertTokens('stopTokens', stopTokens, limits.vocabularySize);
  if (thinking !== null) {
    assertInteger('thinking.budget', thinking.budget, 1, 1_000_000);
    assertTokens('thinking.endToken', [thinking.endToken], limits.vocabularySize);
    assertTokens('thinking.earlyStopIds', thinking.earlyStopIds, limits.vocabularySize);
  }
  const sampler = { temperature, topK, topP, minP, repetitionPenalty, random: randomSource(seed) };
  return { maxNewTokens, sampler, stopTokens: new Set(stopTokens), thinking, signal: options.signal };
}

function assertInteger(name: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw outOfRange(name, `an integer from ${least} to ${most}`, value);
  }
}

function assertNumber(name: string, value: number, least: number, most: number, start?: 'open'): void {
  const inside = typeof value === 'number' && value <= most && (start === 'open' ? value > least : value >= least);
  if (!inside) throw outOfRange(name, `a number ${start === 'open' ? 'above' : 'from'} ${least} to ${most}`, value);
}

function assertTokens(name: string, ids: readonly number[], vocabularySize: number): void {
  const wrong = Array.isArray(ids)
    ? ids.find((id) => !Number.isSafeInteger(id) || id < 0 || id >= vocabularySize)
    : ids;
  if (wrong !== undefined) throw outOfRange(name, `token ids from 0 to ${vocabularySize - 1}`, wrong);
}

function outOfRange(name: string, expected: string, value: unknown): InvalidArgumentError {
  return new InvalidArgumentError(`Option ${name} is ${String(value)}; expected ${expected}.`, {
    details: { option: name },
  });
}
