import {
  asyncDispose,
  ContextLengthError,
  float32Tensor,
  int32Tensor,
  int64Tensor,
  InvalidArgumentError,
  type decoderContract,
  type decoderStepContract,
  type FollowedRun,
  type Session,
  type SessionState,
  type TensorsFor,
} from '@ovis/core';
import type { Scores } from './sampling/scores.ts';

/** A decoder's graph and its sizes. @internal */
export type DecoderGraph = {
  /** Reads any number of positions, and creates the states. */
  readonly session: Session<typeof decoderContract>;
  /** Reads one position, faster, and gives candidates; null where `session` does that as well. */
  readonly stepSession: Session<typeof decoderStepContract> | null;
  /** `D`. */
  readonly hiddenSize: number;
  /** `N`. */
  readonly vocabularySize: number;
  /** Positions a sequence may have. */
  readonly contextLength: number;
};

/** Positions that one run takes at most: bounds the memory of a long prompt, and how long an abort waits. */
const CHUNK = 512;

/** One sequence: what the model has read so far, as keys and values in the session's state. */
export class DecoderSequence implements AsyncDisposable {
  readonly #graph: DecoderGraph;
  readonly #state: SessionState;
  #length = 0;
  /** Position of which the graph for single steps is known not to vouch. */
  #doubtful = -1;
  /** Embedding of the last position, to ask for its logits again. */
  #last = new Float32Array();

  /** @internal */
  constructor(graph: DecoderGraph, state: SessionState) {
    this.#graph = graph;
    this.#state = state;
  }

  /** Positions read so far. */
  get length(): number {
    return this.#length;
  }

  /**
   * Reads `embeddings` `[n, D]` in chunks and gives the scores of the token that follows the last of them.
   *
   * @throws ContextLengthError when the sequence would be longer than the model can hold.
   */
  async append(embeddings: Float32Array, wants: Scores['kind'], signal?: AbortSignal): Promise<Scores> {
    const { hiddenSize } = this.#graph;
    await this.#makeRoom(embeddings.length / hiddenSize);
    this.#last = embeddings.slice(-hiddenSize);
    for (let start = 0; ; start += CHUNK * hiddenSize) {
      signal?.throwIfAborted();
      const chunk = embeddings.subarray(start, start + CHUNK * hiddenSize);
      if (start + CHUNK * hiddenSize >= embeddings.length) return this.#scores(chunk, wants);
      await this.#run(chunk, [], [0]);
    }
  }

  /** Whether {@link likeliest} can be asked for. */
  get canFollow(): boolean {
    return this.#follower !== null;
  }

  /**
   * Reads one embedding `[D]`, then the likeliest token after it, and so on, without waiting for the caller in between. Gives
   * each token when it is found; it is read before the next one is given. Ends after `count` tokens, after one of `until`, or
   * sooner where the backend has other work: go on from the last token. It gives none where the graph does not vouch for any.
   *
   * @throws ContextLengthError when the sequence is as long as the model can hold.
   */
  async *likeliest(
    embedding: Float32Array,
    { count, until }: { readonly count: number; readonly until: readonly number[] },
  ): AsyncGenerator<FollowedRun, void, undefined> {
    const follow = this.#follower;
    if (follow === null) throw new InvalidArgumentError('The decoder gives tokens one at a time only.');
    await this.#makeRoom(1);
    const runs = Math.min(count, this.#graph.contextLength - this.#length);
    const start = this.#length;
    for await (const run of follow(this.#inputs(embedding, [0]), { state: this.#state, runs, until })) {
      this.#length++;
      yield run;
    }
    if (this.#length === start) this.#doubtful = start;
  }

  /** Reads `embeddings` `[n, D]` and gives the logits of every one of their positions, `[n, N]`. */
  async appendWithLogits(embeddings: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const { hiddenSize, vocabularySize } = this.#graph;
    const positions = embeddings.length / hiddenSize;
    await this.#makeRoom(positions);
    const all = new Float32Array(positions * vocabularySize);
    this.#last = embeddings.slice(-hiddenSize);
    for (let start = 0; start < positions; start += CHUNK) {
      signal?.throwIfAborted();
      const chunk = embeddings.subarray(start * hiddenSize, (start + CHUNK) * hiddenSize);
      const { logits } = await this.#run(chunk, ['logits'], [...Array(chunk.length / hiddenSize).keys()]);
      all.set(logits.data, start * vocabularySize);
    }
    return all;
  }

  /**
   * The logits of the last position over the whole vocabulary, by reading it once more: keys and values are
   * written again where they are. Only for graphs whose states all grow with the sequence.
   */
  async allScores(): Promise<Scores> {
    this.#length--;
    return this.#scores(this.#last, 'all');
  }

  /** Frees the state. */
  async [asyncDispose](): Promise<void> {
    await this.#state[asyncDispose]();
  }

  get #follower() {
    const { session, stepSession } = this.#graph;
    return (stepSession ?? session).follow;
  }

  async #makeRoom(positions: number): Promise<void> {
    const { contextLength } = this.#graph;
    if (!Number.isSafeInteger(positions) || positions < 1) {
      throw new InvalidArgumentError(
        `Got ${positions} embeddings of ${this.#graph.hiddenSize} numbers; expected 1 or more.`,
      );
    }
    const length = this.#length + positions;
    if (length > contextLength) {
      throw new ContextLengthError(
        `The sequence would have ${length} positions, but the model holds ${contextLength}. Shorten the prompt, use ` +
          'fewer or smaller pictures, or lower maxNewTokens.',
        { details: { length, contextLength } },
      );
    }
    if (length > this.#state.capacity) await this.#state.reserve(length, this.#length);
  }

  async #scores(embeddings: Float32Array, wants: Scores['kind']): Promise<Scores> {
    const last = [embeddings.length / this.#graph.hiddenSize - 1];
    if (wants === 'all') return { kind: 'all', logits: (await this.#run(embeddings, ['logits'], last)).logits.data };
    const { top_logits: logits, top_ids: ids } = await this.#candidates(embeddings, last);
    return {
      kind: 'candidates',
      ids: Array.from(ids.data, Number),
      logits: logits.data,
      vocabularySize: this.#graph.vocabularySize,
    };
  }

  /** Candidates after a position; read again where the graph for single steps does not vouch for the first. */
  async #candidates(embeddings: Float32Array, last: readonly number[]) {
    const { stepSession, hiddenSize } = this.#graph;
    const outputs = ['top_logits', 'top_ids'] as const;
    const isStep = embeddings.length === hiddenSize && this.#length !== this.#doubtful;
    if (stepSession === null || !isStep) return this.#run(embeddings, outputs, last);
    const options = { outputs, state: this.#state };
    const found = await this.#advance(embeddings, last, (inputs) => stepSession.run(inputs, options));
    if ((found.top_ids.data[0] ?? 0n) >= 0n) return found;
    this.#length--; // keys and values are written again where they are
    return this.#run(embeddings, outputs, last);
  }

  /** One run of the whole graph over new positions; `logitPositions` counts from the first of them. */
  async #run<Name extends 'logits' | 'top_logits' | 'top_ids'>(
    embeddings: Float32Array,
    outputs: readonly Name[],
    logitPositions: readonly number[],
  ) {
    const { session } = this.#graph;
    return this.#advance(embeddings, logitPositions, (inputs) => session.run(inputs, { outputs, state: this.#state }));
  }

  async #advance<Results>(
    embeddings: Float32Array,
    logitPositions: readonly number[],
    run: (inputs: TensorsFor<typeof decoderContract.inputs>) => Promise<Results>,
  ): Promise<Results> {
    const results = await run(this.#inputs(embeddings, logitPositions));
    this.#length += embeddings.length / this.#graph.hiddenSize;
    return results;
  }

  /** Inputs of a run over positions behind those that were read. */
  #inputs(embeddings: Float32Array, logitPositions: readonly number[]): TensorsFor<typeof decoderContract.inputs> {
    const { hiddenSize } = this.#graph;
    const positions = embeddings.length / hiddenSize;
    const length = this.#length + positions;
    return {
      inputs_embeds: float32Tensor(embeddings, [1, positions, hiddenSize]),
      last_position: int32Tensor([length - 1]),
      total_length: int32Tensor([length]),
      logit_positions: int64Tensor(logitPositions),
    };
  }
}
