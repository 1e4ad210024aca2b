import {
  asyncDispose,
  DisposedError,
  float32Tensor,
  type GraphContract,
  InvalidArgumentError,
  type ModelDescription,
  nativeVisualTokenizerContract,
  runCooperatively,
  type Session,
  type TensorsFor,
  visualTokenizerIntermediates,
} from '@ovis/core';
import { nativeInputs, type NativeInputs } from '../native/native-inputs.ts';
import type { PreparedVisual } from '../prepared-visual.ts';
import { viewsTogether } from '../tiles/views-together.ts';
import { checkPositions, checkPrepared, checkRotaryHead } from './check-inputs.ts';
import { CollectedTokens, intermediateNames } from './collected-tokens.ts';
import { contractOf } from './contract-of.ts';
import { viewBatches } from './view-batches.ts';
import { viewInputs } from './view-inputs.ts';
import type { TokenizeOptions, VisualTokenizerSource } from './visual-tokenizer-options.ts';
import type { VisualTokens } from './visual-tokens.ts';

/**
 * Turns prepared pictures into visual embeddings: per token, a distribution over `U` visual words and the
 * expectation of the visual embedding table under it (arXiv 2405.20797, section 3). Owns its session.
 */
export class VisualTokenizer implements AsyncDisposable {
  readonly #session: Session;
  readonly #model: ModelDescription;
  readonly #positions: Float32Array | null;
  readonly #hasIntermediates: boolean;
  readonly #running = new Set<Promise<VisualTokens>>();
  /** Inputs of the grid that was used last: frames and pictures of one size follow one another. */
  #lastInputs: { readonly grid: string; readonly inputs: NativeInputs } | null = null;
  #disposal: Promise<void> | null = null;

  private constructor(session: Session, source: VisualTokenizerSource, hasIntermediates: boolean) {
    this.#session = session;
    this.#model = source.model;
    this.#positions = source.positions;
    this.#hasIntermediates = hasIntermediates;
  }

  /**
   * Loads the graph.
   *
   * @throws ShapeMismatchError when position table or rotary head size do not fit; GraphContractError when the graph
   *   differs from its description.
   */
  static async open(source: VisualTokenizerSource): Promise<VisualTokenizer> {
    const { backend, graph, description, model, positions } = source;
    checkPositions(model, positions);
    checkRotaryHead(model);
    const base = contractOf(model);
    const hasIntermediates = intermediateNames.every((name) => Object.hasOwn(description.signature.outputs, name));
    const outputs = hasIntermediates ? { ...base.outputs, ...visualTokenizerIntermediates } : base.outputs;
    const contract: GraphContract = { inputs: base.inputs, outputs };
    const session = await backend.openSession(graph, contract, description.signature);
    return new VisualTokenizer(session, source, hasIntermediates);
  }

  /**
   * Runs the graph over all views, in batches of bounded memory.
   *
   * @param prepared - A picture or video prepared for this model; not changed.
   * @throws ShapeMismatchError when it was prepared for another model, InvalidArgumentError when the bundle has no
   *   intermediates, DisposedError after {@link dispose}.
   */
  tokenize(prepared: PreparedVisual, options: TokenizeOptions = {}): Promise<VisualTokens> {
    const running = this.#tokenize(prepared, options);
    this.#running.add(running);
    const forget = () => this.#running.delete(running);
    running.then(forget, forget);
    return running;
  }

  /** Waits for running work and frees the session. Idempotent. */
  dispose(): Promise<void> {
    this.#disposal ??= this.#close();
    return this.#disposal;
  }

  /** The same as {@link dispose}, for `await using`. */
  [asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #tokenize(
    prepared: PreparedVisual,
    { signal, intermediates = false, onProgress }: TokenizeOptions,
  ): Promise<VisualTokens> {
    if (this.#disposal !== null) {
      throw new DisposedError('The visual tokenizer was disposed. Open another one, or dispose it later.');
    }
    signal?.throwIfAborted();
    if (intermediates && !this.#hasIntermediates) {
      throw new InvalidArgumentError(
        'The graph has no intermediate outputs. Convert the checkpoint with intermediates: true.',
      );
    }
    const tokensPerGroup = checkPrepared(prepared, this.#model);
    const together = viewsTogether(this.#model);
    const shared = await this.#nativeInputs(prepared, signal);
    const collected = new CollectedTokens(tokensPerGroup, this.#model, intermediates);
    const outputs = Object.keys({
      ...nativeVisualTokenizerContract.outputs,
      ...(intermediates ? visualTokenizerIntermediates : {}),
    });
    const { views, patchesPerView } = prepared;
    for (const batch of viewBatches(views, patchesPerView, tokensPerGroup, this.#model.vision, together)) {
      signal?.throwIfAborted();
      const inputs = { ...viewInputs(prepared, batch, together), ...shared };
      collected.add(await this.#session.run(inputs, { outputs }), batch.count);
      onProgress?.({ phase: 'vision', item: prepared.item.kind, done: batch.start + batch.count, total: views });
    }
    return collected.join();
  }

  async #nativeInputs(
    { grid, patchesPerView }: PreparedVisual,
    signal: AbortSignal | undefined,
  ): Promise<Omit<TensorsFor<typeof nativeVisualTokenizerContract.inputs>, 'patches'> | null> {
    const { preprocessing, vision } = this.#model;
    if (preprocessing.kind !== 'native') return null;
    const key = `${grid.height} x ${grid.width}`;
    if (this.#lastInputs?.grid !== key) {
      const steps = nativeInputs(grid, this.#model, preprocessing, this.#positions);
      this.#lastInputs = { grid: key, inputs: await runCooperatively(steps, signal) };
    }
    const { positions, cosines, sines } = this.#lastInputs.inputs;
    const halfHead = cosines.length / patchesPerView;
    return {
      positions: float32Tensor(positions, [patchesPerView, vision.hiddenSize]),
      cosines: float32Tensor(cosines, [patchesPerView, halfHead]),
      sines: float32Tensor(sines, [patchesPerView, halfHead]),
    };
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#lastInputs = null;
    await this.#session[asyncDispose]();
  }
}
