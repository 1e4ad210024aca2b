import type { WebImageSource } from '@ovis/backend-web/page';
import { asyncDispose, DisposedError, type BundleManifest, type DeviceInfo, type ModelDescription } from '@ovis/core';
import { startWorker } from '#start-web-worker';
import { Activity } from '../activity.ts';
import type { GenerateResult, StreamPart } from '../answer/answer-types.ts';
import { compareModels } from '../compare/compare-models.ts';
import type { CompareOptions, Comparison } from '../compare/comparison-types.ts';
import type { Look, LookOptions } from '../look/look-types.ts';
import type { LoadTimings } from '../open-model.ts';
import type { LoadOptions, ModelSource } from './load-options.ts';
import { compareInWorkers } from './page/compare-in-workers.ts';
import { loadInWorker } from './page/load-in-worker.ts';
import { postImage, postRequest } from './page/post-request.ts';
import { streamParts } from './page/stream-parts.ts';
import type { WorkerLink } from './page/worker-link.ts';
import type { WorkerCalls } from './protocol.ts';
import type { WebCompareSample, WebGenerateRequest } from './web-request.ts';

/**
 * A loaded Ovis model in a browser: pictures and questions in, text out, nothing leaves the machine.
 *
 * The whole work is done in a worker of its own, so the page stays smooth. Several requests may run at once; their
 * steps take turns. Dispose it when done, or declare it with `await using`.
 */
export class Ovis implements AsyncDisposable {
  readonly #link: WorkerLink;
  readonly #loaded: WorkerCalls['load']['reply'];
  readonly #activity = new Activity('This Ovis');
  #disposed: Promise<void> | null = null;

  private constructor(link: WorkerLink, loaded: WorkerCalls['load']['reply']) {
    this.#link = link;
    this.#loaded = loaded;
  }

  /**
   * Loads the bundle of a model.
   *
   * @param model - Address of the bundle's folder (relative to the page), a folder opened with `showDirectoryPicker()`,
   *   or the files of the bundle.
   * @throws ModelFileError when the bundle is damaged or of another version; BackendUnavailableError when
   *   onnxruntime-web is missing or the device cannot be used; RuntimeFailureError when memory runs out.
   */
  static async load(model: ModelSource, options: LoadOptions = {}): Promise<Ovis> {
    const { link, loaded } = await loadInWorker(startWorker, model, options);
    return new Ovis(link, loaded);
  }

  /** What the model is: generation, sizes, preprocessing. */
  get model(): ModelDescription {
    return this.#loaded.manifest.model;
  }

  /** The bundle's manifest. */
  get manifest(): BundleManifest {
    return this.#loaded.manifest;
  }

  /** The device the model runs on, and why it was chosen. */
  get device(): DeviceInfo {
    return this.#loaded.device;
  }

  /** Milliseconds that loading took, step by step. */
  get loadTimings(): LoadTimings {
    return this.#loaded.timings;
  }

  /**
   * Answers, and returns the whole answer.
   *
   * @throws InvalidArgumentError, PromptError, ImageError, ContextLengthError, RuntimeFailureError (the worker or the
   *   device was lost: load the model again), DisposedError, or `signal.reason`.
   */
  generate(request: WebGenerateRequest): Promise<GenerateResult> {
    const { signal, onProgress } = request;
    return this.#activity.run(async () => {
      signal?.throwIfAborted();
      const { value, transfer } = await postRequest(request);
      return this.#link.call('generate', value, { transfer, signal, onProgress }).reply;
    });
  }

  /**
   * Answers piece by piece. Leaving the loop early (`break`, `throw`) ends the run and frees its cache.
   *
   * @throws As {@link generate}, when the iterator is pulled.
   */
  async *stream(request: WebGenerateRequest): AsyncGenerator<StreamPart, void, undefined> {
    const { signal, onProgress } = request;
    const posted = await this.#activity.run(async () => {
      signal?.throwIfAborted();
      return postRequest(request);
    });
    const parts = streamParts(this.#link, posted, { signal, onProgress });
    try {
      for (;;) {
        const step = await this.#activity.run(() => parts.next());
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      await parts.return();
    }
  }

  /**
   * Shows a picture as the model sees it: per visual token the most likely words of the visual vocabulary, their
   * probabilities and the entropy.
   *
   * @throws ImageError, InvalidArgumentError, RuntimeFailureError, DisposedError, or `signal.reason`.
   */
  look(image: WebImageSource, { signal, ...limits }: LookOptions = {}): Promise<Look> {
    return this.#activity.run(async () => {
      signal?.throwIfAborted();
      const { value, transfer } = await postImage(image, signal);
      return this.#link.call('look', { image: value, limits }, { transfer, signal }).reply;
    });
  }

  /**
   * Measures how far another conversion of the same model is from this one: visual embeddings, logits,
   * next-token distributions along this model's greedy answers. Judge a dtype by it before you trust it.
   *
   * @throws InvalidArgumentError when the two are not the same model; else as {@link generate}.
   */
  compare(candidate: Ovis, samples: readonly WebCompareSample[], options: CompareOptions = {}): Promise<Comparison> {
    const links = { reference: this.#link, candidate: candidate.#link };
    const pair = {
      reference: this.manifest,
      candidate: candidate.manifest,
      compare: (sample: WebCompareSample, maxNewTokens: number) =>
        compareInWorkers(links, sample, maxNewTokens, options.signal),
    };
    return this.#activity.run(() => candidate.#activity.run(() => compareModels(pair, samples, options)));
  }

  /** Refuses new work, waits for running work, frees all memory and ends the worker. Calling it again is harmless. */
  dispose(): Promise<void> {
    this.#disposed ??= (async () => {
      await this.#activity.close();
      // A worker that is gone has nothing left to free.
      if (this.#link.ended === null) await this.#link.call('dispose', null).reply.catch(() => undefined);
      this.#link.end(
        new DisposedError('This Ovis was disposed. Load the model again, or dispose it after its last use.'),
      );
    })();
    return this.#disposed;
  }

  /** The same as {@link dispose}, for `await using`. */
  [asyncDispose](): Promise<void> {
    return this.dispose();
  }
}
