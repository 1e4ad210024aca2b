import { DECODER_CANDIDATES, tokenId, type TokenId } from '@ovis/core';
import { penalise } from './penalise.ts';
import { pickAtRandom, type SamplingShape } from './pick-at-random.ts';
import { pickLargest } from './pick-largest.ts';
import type { RandomSource } from './random-source.ts';
import type { Scores } from './scores.ts';

/** How tokens are chosen; everything resolved. */
export type SamplerOptions = SamplingShape & {
  /** 0 takes the most likely token. */
  readonly temperature: number;
  /** Factor on the logits of tokens that were generated before; 1 for none. */
  readonly repetitionPenalty: number;
  readonly random: RandomSource;
};

/** Chooses tokens one after the other and remembers them for the repetition penalty. */
export class Sampler {
  /** What it usually needs: the graph's candidates, or the logits of the whole vocabulary. */
  readonly wants: Scores['kind'];
  /** Whether it takes the token with the largest logit, whatever was generated before. */
  readonly takesLikeliest: boolean;
  readonly #options: SamplerOptions;
  readonly #generated = new Set<number>();

  constructor(options: SamplerOptions) {
    this.#options = options;
    const { temperature, topK, topP, minP, repetitionPenalty } = options;
    const fewCandidates = topK > 0 ? topK <= DECODER_CANDIDATES : topP >= 1 && minP > 0;
    this.takesLikeliest = temperature === 0 && repetitionPenalty === 1;
    this.wants = temperature === 0 || fewCandidates ? 'candidates' : 'all';
  }

  /**
   * The next token, or null when the candidates do not settle it and the logits of the whole vocabulary are
   * needed. What is picked from candidates is always what would have been picked from all logits.
   */
  pick(scores: Scores): TokenId | null {
    const { temperature, repetitionPenalty, random } = this.#options;
    const penalised = penalise(scores, repetitionPenalty, this.#generated);
    if (penalised === null) return null;
    const id = temperature === 0 ? pickLargest(penalised) : pickAtRandom(penalised, this.#options, random);
    if (id === null) return null;
    if (repetitionPenalty !== 1) this.#generated.add(id);
    return tokenId(id);
  }

  /** Forgets what was generated so far. */
  forget(): void {
    this.#generated.clear();
  }
}
