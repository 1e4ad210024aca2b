import type { GraphSignature, StateSpec } from '@ovis/core';
import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { LanguageModelConfig } from '../src/checkpoint/language-model-config.ts';

type Feeds = Record<string, Tensor>;

/** A decoder graph that is loaded, and its inputs, outputs and states. */
export type OpenDecoder = { readonly session: InferenceSession; readonly signature: GraphSignature };

/** One sequence on a decoder graph, its keys and values fed back from run to run. */
export class DecoderRunner {
  readonly #session: InferenceSession;
  readonly #specs: readonly StateSpec[];
  readonly #config: Pick<LanguageModelConfig, 'hiddenSize' | 'vocabularySize'>;
  readonly #capacity: number;
  #state: Feeds;
  #length = 0;

  /** `capacity`: positions the state has room for from the start. */
  constructor(
    { session, signature }: OpenDecoder,
    config: Pick<LanguageModelConfig, 'hiddenSize' | 'vocabularySize'>,
    capacity: number,
  ) {
    this.#session = session;
    this.#specs = signature.state;
    this.#config = config;
    this.#capacity = capacity;
    this.#state = this.#emptyState();
  }

  /** What the sequence is remembered by, under the names of the graph's inputs. */
  get state(): Readonly<Feeds> {
    return this.#state;
  }

  /** Outputs for new positions `[S, D]`; logits are those of `logitPositions`. */
  async run(embeddings: Float32Array, logitPositions: readonly number[]): Promise<Feeds> {
    const outputs = await this.#session.run(this.#feeds(embeddings, logitPositions), this.#fetches());
    for (const [name, tensor] of Object.entries(outputs)) {
      if (name.startsWith('present.')) this.#state[name.replace('present', 'past')] = tensor;
    }
    return outputs;
  }

  /**
   * The same on keys and values in place: the past is also where the present goes, and the run ends with the
   * binding's refusal to return a list (see `Capabilities.sequenceMarker`).
   */
  async runInPlace(embeddings: Float32Array, count: number, logitPositions: readonly number[]): Promise<Feeds> {
    const outputs = this.#preallocated(logitPositions.length, count);
    const fetches: Record<string, Tensor | null> = { sequence_marker: null, ...outputs };
    const next: Feeds = {};
    for (const { input, output, growingAxis } of this.#specs) {
      const past = this.#state[input];
      if (past === undefined) throw new Error(`No state ${input}.`);
      // Only what grows may be written where it is read.
      const present = growingAxis === null ? new Tensor('float32', new Float32Array(past.size), past.dims) : past;
      fetches[output] = present;
      next[input] = present;
    }
    const error: unknown = await this.#session.run(this.#feeds(embeddings, logitPositions), fetches).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error) || !/non tensor/i.test(error.message)) throw error;
    this.#state = next;
    return outputs;
  }

  #preallocated(positions: number, candidates: number): Feeds {
    const { vocabularySize } = this.#config;
    const top = positions * candidates;
    return {
      logits: new Tensor('float32', new Float32Array(positions * vocabularySize), [positions, vocabularySize]),
      top_logits: new Tensor('float32', new Float32Array(top), [positions, candidates]),
      top_ids: new Tensor('int64', new BigInt64Array(top), [positions, candidates]),
    };
  }

  #feeds(embeddings: Float32Array, logitPositions: readonly number[]): Feeds {
    const { hiddenSize } = this.#config;
    const added = embeddings.length / hiddenSize;
    this.#length += added;
    return {
      inputs_embeds: new Tensor('float32', embeddings, [1, added, hiddenSize]),
      last_position: new Tensor('int32', Int32Array.of(this.#length - 1), [1]),
      total_length: new Tensor('int32', Int32Array.of(this.#length), [1]),
      logit_positions: new Tensor('int64', BigInt64Array.from(logitPositions, BigInt), [logitPositions.length]),
      ...this.#state,
    };
  }

  /** Everything but the marker, which no caller can receive. */
  #fetches(): string[] {
    return this.#session.outputNames.filter((name) => name !== 'sequence_marker');
  }

  #emptyState(): Feeds {
    const states = this.#specs.map(({ input, shape, growingAxis }) => {
      const dims = shape.map((dim, axis) => (axis === growingAxis ? this.#capacity : Number(dim)));
      const size = dims.reduce((product, dim) => product * dim, 1);
      return [input, new Tensor('float32', new Float32Array(size), dims)] as const;
    });
    return Object.fromEntries(states);
  }
}
