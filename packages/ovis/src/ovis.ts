import {
  asyncDispose,
  type BundleManifest,
  type DeviceInfo,
  type ImageSource,
  type ModelDescription,
} from '@ovis/core';
import { Activity } from './activity.ts';
import type { GenerateResult, StreamPart } from './answer/answer-types.ts';
import { collectAnswer } from './answer/collect-answer.ts';
import { streamAnswer } from './answer/stream-answer.ts';
import { compareModels } from './compare/compare-models.ts';
import type { CompareOptions, CompareSample, Comparison, SampleComparison } from './compare/comparison-types.ts';
import { measureSample } from './compare/measure-sample.ts';
import { observeSample, type ComparedModel } from './compare/observe-sample.ts';
import { lookAt } from './look/look-at.ts';
import type { Look, LookOptions } from './look/look-types.ts';
import { openModel, type LoadedModel, type LoadTimings, type OpeningPlace, type OpenOptions } from './open-model.ts';
import type { Platform } from './platform.ts';
import type { GenerateRequest } from './request/generate-request.ts';

/**
 * A loaded Ovis model: pictures and questions in, text out.
 *
 * Several requests may run at once; their steps take turns on the device. Dispose it when done, or declare it
 * with `await using`: gigabytes do not wait for a garbage collector.
 */
export class Ovis implements AsyncDisposable {
  readonly #loaded: LoadedModel;
  readonly #platform: Platform;
  readonly #activity = new Activity('This Ovis');
  #disposed: Promise<void> | null = null;

  /** @internal Use {@link Ovis.open}, or `Ovis.load` of `ovis/node`. */
  constructor(loaded: LoadedModel, platform: Platform) {
    this.#loaded = loaded;
    this.#platform = platform;
  }

  /**
   * Opens a bundle on a platform. Takes over the platform's backend: it is disposed with the model, or when
   * opening fails. Applications use `Ovis.load` of `ovis/node`, which brings the platform.
   *
   * @throws ModelFileError when the bundle is damaged or of another version.
   */
  static async open(platform: Platform, options: OpenOptions = {}): Promise<Ovis> {
    return new Ovis(await openOwning(platform, options), platform);
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
    return this.#platform.backend.device;
  }

  /** Milliseconds that loading took, step by step. */
  get loadTimings(): LoadTimings {
    return this.#loaded.timings;
  }

  /**
   * Answers, and returns the whole answer.
   *
   * @throws InvalidArgumentError, PromptError, ImageError, ContextLengthError, DisposedError, or `signal.reason`.
   */
  generate(request: GenerateRequest): Promise<GenerateResult> {
    return this.#activity.run(() => collectAnswer(streamAnswer(this.#loaded, this.#platform, request)));
  }

  /**
   * Answers piece by piece. Leaving the loop early (`break`, `throw`) ends the run and frees its cache.
   *
   * @throws As {@link generate}, when the iterator is pulled.
   */
  async *stream(request: GenerateRequest): AsyncGenerator<StreamPart, void, undefined> {
    const answer = streamAnswer(this.#loaded, this.#platform, request);
    try {
      for (;;) {
        const step = await this.#activity.run(() => answer.next());
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      await answer.return();
    }
  }

  /**
   * Shows a picture as the model sees it: per visual token the most likely words of the visual vocabulary, their
   * probabilities and the entropy.
   *
   * @throws ImageError, InvalidArgumentError, DisposedError, or `signal.reason`.
   */
  look(image: ImageSource, options: LookOptions = {}): Promise<Look> {
    return this.#activity.run(() => lookAt(this.#loaded, this.#platform, image, options));
  }

  /**
   * Measures how far another conversion of the same model is from this one: visual embeddings, logits,
   * next-token distributions along this model's greedy answers. Judge a dtype by it before you trust it.
   *
   * @throws InvalidArgumentError when the two are not the same model; else as {@link generate}.
   */
  compare(candidate: Ovis, samples: readonly CompareSample[], options: CompareOptions = {}): Promise<Comparison> {
    const [reference, other] = [this.#compared, candidate.#compared];
    const pair = {
      reference: this.manifest,
      candidate: candidate.manifest,
      compare: async (sample: CompareSample, maxNewTokens: number): Promise<SampleComparison> => {
        const expected = await observeSample(reference, sample, { maxNewTokens }, options.signal);
        return measureSample(other, sample, expected, options.signal);
      },
    };
    return this.#activity.run(() => candidate.#activity.run(() => compareModels(pair, samples, options)));
  }

  get #compared(): ComparedModel {
    return { loaded: this.#loaded, reader: this.#platform };
  }

  /** Refuses new work, waits for running work, frees all memory. Calling it again is harmless. */
  dispose(): Promise<void> {
    this.#disposed ??= (async () => {
      await this.#activity.close();
      await this.#loaded.dispose();
      await this.#platform.backend[asyncDispose]();
    })();
    return this.#disposed;
  }

  /** The same as {@link dispose}, for `await using`. */
  [asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

/** Opens a model; on failure the backend is disposed too, where it starts. @internal */
export async function openOwning(place: OpeningPlace, options: OpenOptions): Promise<LoadedModel> {
  // That it does not start is told by opening the graphs, unless something else fails first.
  const started = Promise.resolve(place.backend).catch(() => null);
  try {
    return await openModel(place, options);
  } catch (error) {
    await (await started)?.[asyncDispose]();
    throw error;
  }
}
