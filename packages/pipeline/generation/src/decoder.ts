import {
  asyncDispose,
  ContextLengthError,
  decoderContract,
  decoderStepContract,
  DisposedError,
  InvalidArgumentError,
  ShapeMismatchError,
  type Backend,
  type GraphDescription,
  type GraphSource,
  type InputEmbeddings,
  type ModelDescription,
  type TokenId,
} from '@ovis/core';
import { DecoderSequence, type DecoderGraph } from './decoder-sequence.ts';

/** Gives the embeddings of tokens, `[ids.length, D]`. */
export type EmbedTokens = (ids: readonly TokenId[]) => Promise<Float32Array>;

/** What a decoder is opened with. */
export type DecoderOptions = {
  /** Where the graph runs; stays the caller's to dispose. */
  readonly backend: Backend;
  readonly graph: GraphSource;
  readonly description: GraphDescription;
  /** The same model laid out for one position at a time, where the bundle has it. */
  readonly step?: { readonly graph: GraphSource; readonly description: GraphDescription } | null;
  /** Row lookup in the text table. */
  readonly embed: EmbedTokens;
  readonly model: ModelDescription;
};

/**
 * New tokens that a sequence has room for at first; it grows when they are used up. Backends that copy states at every
 * run copy the room too, and answers are mostly shorter than they may be.
 */
const FIRST_ROOM = 128;

/** Most bytes that logits of all positions may take. */
const LARGEST_LOGITS = 2 ** 31;

/** The language model of one Ovis: reads embeddings, gives the scores of the next token. */
export class Decoder implements AsyncDisposable {
  /** `N`, tokens in the vocabulary. */
  readonly vocabularySize: number;
  /** Positions of prompt and answer together. */
  readonly contextLength: number;
  /** Token ids that end an answer. */
  readonly stopTokens: readonly number[];
  /** Whether the last position can be read again (all states grow), so that candidates may be tried first. */
  readonly canReadAgain: boolean;
  readonly #graph: DecoderGraph;
  readonly #embed: EmbedTokens;
  #disposed = false;

  private constructor(graph: DecoderGraph, { description, embed, model }: DecoderOptions) {
    this.#graph = graph;
    this.#embed = embed;
    this.vocabularySize = graph.vocabularySize;
    this.contextLength = graph.contextLength;
    this.stopTokens = model.stopTokens;
    this.canReadAgain = description.signature.state.every(({ growingAxis }) => growingAxis !== null);
  }

  /**
   * Loads the decoder graph, and the one for single steps where there is one.
   *
   * @throws GraphContractError when one of them is not a decoder as its description says.
   */
  static async open(options: DecoderOptions): Promise<Decoder> {
    const { backend, graph, description, step = null, model } = options;
    const session = await backend.openSession(graph, decoderContract, description.signature);
    const { hiddenSize, vocabularySize, contextLength } = model.language;
    let stepSession: DecoderGraph['stepSession'] = null;
    try {
      if (step) stepSession = await backend.openSession(step.graph, decoderStepContract, step.description.signature);
    } catch (error) {
      await session[asyncDispose]();
      throw error;
    }
    return new Decoder({ session, stepSession, hiddenSize, vocabularySize, contextLength }, options);
  }

  /**
   * Checks a prompt and starts an empty sequence for it and `newTokens` more. The caller disposes it.
   *
   * @throws ContextLengthError when the prompt leaves no room for an answer.
   */
  async startSequence(prompt: InputEmbeddings, newTokens: number): Promise<DecoderSequence> {
    if (this.#disposed) throw new DisposedError('The decoder was disposed. Load the model again.');
    assertPrompt(prompt, this.#graph.hiddenSize);
    if (prompt.length + Math.min(newTokens, 1) > this.contextLength) {
      throw new ContextLengthError(
        `The prompt has ${prompt.length} positions, but the model holds ${this.contextLength} together with the answer. ` +
          'Shorten the text, or use fewer or smaller pictures.',
        { details: { length: prompt.length, contextLength: this.contextLength } },
      );
    }
    const room = prompt.length + Math.min(newTokens, FIRST_ROOM);
    return new DecoderSequence(this.#graph, await this.#graph.session.createState(room));
  }

  /**
   * Logits of prompt positions over the whole vocabulary, for looking inside: of all positions `[S, N]`, of the last
   * `[N]`, or of the last `n`, `[n, N]`. Nothing is generated.
   *
   * @throws InvalidArgumentError when they would take more than 2 GiB, or `n` is no number of positions.
   */
  async promptLogits(
    prompt: InputEmbeddings,
    options: {
      readonly positions: 'all' | 'last' | { readonly last: number };
      readonly signal?: AbortSignal | undefined;
    },
  ): Promise<Float32Array> {
    const { positions, signal } = options;
    const count = countOf(positions, prompt.length);
    if (count * this.vocabularySize * 4 > LARGEST_LOGITS) {
      throw new InvalidArgumentError(
        `Logits of ${count} positions and ${this.vocabularySize} tokens take more than 2 GiB. Ask for those of the ` +
          'last position, or shorten the prompt.',
      );
    }
    await using sequence = await this.startSequence(prompt, 0);
    if (positions === 'last') return (await sequence.append(prompt.data, 'all', signal)).logits;
    const split = (prompt.length - count) * this.#graph.hiddenSize;
    if (split > 0) await sequence.append(prompt.data.subarray(0, split), 'candidates', signal);
    return await sequence.appendWithLogits(prompt.data.subarray(split), signal);
  }

  /** Embeddings of tokens, `[ids.length, D]`. */
  async embed(ids: readonly TokenId[]): Promise<Float32Array> {
    const embeddings = await this.#embed(ids);
    if (embeddings.length !== ids.length * this.#graph.hiddenSize) {
      throw new ShapeMismatchError(
        `The text table gave ${embeddings.length} numbers for ${ids.length} tokens; expected ${this.#graph.hiddenSize} each.`,
      );
    }
    return embeddings;
  }

  /** Waits for running work and frees the graph and all its sequences. Idempotent. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    await this.#graph.stepSession?.[asyncDispose]();
    await this.#graph.session[asyncDispose]();
  }

  /** As {@link dispose}. */
  [asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

function assertPrompt({ data, length, hiddenSize }: InputEmbeddings, expected: number): void {
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new InvalidArgumentError(`The prompt has ${length} positions; expected 1 or more.`);
  }
  if (hiddenSize !== expected || data.length !== length * expected) {
    throw new ShapeMismatchError(
      `The prompt's embeddings are [${length}, ${hiddenSize}] over ${data.length} numbers, but the model reads rows of ${expected}.`,
    );
  }
}

/** How many positions are asked for; an empty prompt is refused where the sequence starts. */
function countOf(positions: 'all' | 'last' | { readonly last: number }, length: number): number {
  if (positions === 'all') return length;
  if (positions === 'last') return 1;
  const { last } = positions;
  if (Number.isSafeInteger(last) && last >= 1 && last <= length) return last;
  throw new InvalidArgumentError(`Logits of the last ${last} positions were asked for; the prompt has ${length}.`);
}
