import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { LanguageModelConfig } from '../src/checkpoint/checkpoint-config.ts';

type Feeds = Record<string, Tensor>;

/** One sequence on a decoder graph, its keys and values fed back from run to run. */
export class DecoderRunner {
  readonly #session: InferenceSession;
  readonly #config: LanguageModelConfig;
  readonly #capacity: number;
  #state: Feeds;
  #length = 0;

  /** `capacity`: positions the state has room for from the start. */
  constructor(session: InferenceSession, config: LanguageModelConfig, capacity: number) {
    this.#session = session;
    this.#config = config;
    this.#capacity = capacity;
    this.#state = this.#emptyState();
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
    for (const [name, tensor] of Object.entries(this.#state)) fetches[name.replace('past', 'present')] = tensor;
    const error: unknown = await this.#session.run(this.#feeds(embeddings, logitPositions), fetches).then(
      () => null,
      (reason: unknown) => reason,
    );
    if (!(error instanceof Error) || !/non tensor/i.test(error.message)) throw error;
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
    const { layers, keyValueHeads, headSize } = this.#config;
    const dims = [1, keyValueHeads, this.#capacity, headSize];
    const empty = () => new Tensor('float32', new Float32Array(keyValueHeads * this.#capacity * headSize), dims);
    const parts = Array.from({ length: layers }, (_, layer) => [
      [`past.${layer}.key`, empty()],
      [`past.${layer}.value`, empty()],
    ]);
    return Object.fromEntries(parts.flat()) as Feeds;
  }
}
