import { tokenId, type FollowedRun, type TokenId } from '@ovis/core';
import type { DecoderSequence } from './decoder-sequence.ts';
import type { EmbedTokens } from './decoder.ts';
import type { Sampler } from './sampling/sampler.ts';
import type { Scores } from './sampling/scores.ts';

/** What the tokens of one answer are found with. */
export type NextTokensOptions = {
  readonly sequence: DecoderSequence;
  readonly embed: EmbedTokens;
  readonly sampler: Sampler;
  /** What the sampler is given. */
  readonly wants: Scores['kind'];
  /** Tokens after which none follows. */
  readonly until: ReadonlySet<number>;
  readonly signal: AbortSignal | undefined;
};

/** A token, and how long finding it took where that is known better than by waiting for it. */
export type NextToken = { readonly token: TokenId; readonly ms: number | null };

/**
 * Finds the tokens of one answer. Where the likeliest is always taken and the backend can do that, they follow each other
 * without coming back here in between; otherwise each is picked from its scores.
 */
export class NextTokens {
  readonly #options: NextTokensOptions;
  #following: AsyncGenerator<FollowedRun, void, undefined> | null = null;

  constructor(options: NextTokensOptions) {
    this.#options = options;
  }

  /** The token with these scores; asks for the logits of the whole vocabulary only where the candidates do not settle it. */
  async pick(scores: Scores): Promise<TokenId> {
    const { sampler, sequence } = this.#options;
    const token = sampler.pick(scores) ?? sampler.pick(await sequence.allScores());
    // All scores always settle it.
    if (token === null) throw new Error('The sampler refused the scores of the whole vocabulary.');
    return token;
  }

  /**
   * The token after `unread`, of which the last was given here.
   *
   * @param count - How many are wanted, with this one, before anything but them is read.
   */
  async after(unread: readonly TokenId[], count: number): Promise<NextToken> {
    const { sequence, embed, sampler, wants, until, signal } = this.#options;
    const isOne = unread.length === 1;
    const known = isOne ? await this.#next() : null;
    if (known) return known;
    await this.close();
    const embeddings = await embed(unread);
    if (isOne && sampler.takesLikeliest && sequence.canFollow) {
      this.#following = sequence.likeliest(embeddings, { count, until: [...until] });
      const found = await this.#next();
      if (found) return found;
    }
    return { token: await this.pick(await sequence.append(embeddings, wants, signal)), ms: null };
  }

  /** Ends what follows by itself. */
  async close(): Promise<void> {
    const following = this.#following;
    this.#following = null;
    await following?.return();
  }

  async #next(): Promise<NextToken | null> {
    const found = await this.#following?.next();
    if (found?.done === false) return { token: tokenId(found.value.choice), ms: found.value.ms };
    this.#following = null;
    return null;
  }
}
