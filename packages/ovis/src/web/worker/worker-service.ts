import { toImageSource, type TransferredImage } from '@ovis/backend-web';
import { asyncDispose, DisposedError } from '@ovis/core';
import { measureSample } from '../../compare/measure-sample.ts';
import { observeSample } from '../../compare/observe-sample.ts';
import type { GenerateRequest } from '../../request/generate-request.ts';
import { buffersOfLook, buffersOfObservation } from '../buffers-of.ts';
import { mapPictures } from '../map-pictures.ts';
import type { PageMessage, PostedRequest, WorkerCalls } from '../protocol.ts';
import type { CallControl } from './call-control.ts';
import { loadOvis, type LoadedOvis } from './load-ovis.ts';

/** A reply, with what is given away. */
export type Performed = { readonly value: unknown; readonly transfer?: readonly Transferable[] };

/** What the worker does. It holds at most one model. */
export class WorkerService {
  #model: LoadedOvis | null = null;
  #maxPixels: number | undefined;

  /** Does one call of the page. */
  async perform(message: Extract<PageMessage, { readonly type: 'call' }>, control: CallControl): Promise<Performed> {
    switch (message.call) {
      case 'load':
        return { value: await this.#load(message.request, control) };
      case 'generate':
        return { value: await this.#loaded().ovis.generate(await this.#request(message.request, control)) };
      case 'stream':
        await this.#stream(message.request, control);
        return { value: null };
      case 'look':
        return this.#look(message.request, control);
      case 'observe':
        return this.#observe(message.request, control);
      case 'measure':
        return { value: await this.#measure(message.request, control) };
      case 'dispose':
        await this.#model?.ovis.dispose();
        await this.#model?.files[asyncDispose]();
        this.#model = null;
        return { value: null };
    }
  }

  async #load({ source, options }: WorkerCalls['load']['request'], control: CallControl): Promise<unknown> {
    const { signal, onProgress } = control;
    this.#maxPixels = options.maxImagePixels;
    this.#model = await loadOvis(source, { ...options, signal, onProgress });
    const { manifest, device, loadTimings: timings } = this.#model.ovis;
    return { manifest, device, timings } satisfies WorkerCalls['load']['reply'];
  }

  async #stream(request: PostedRequest, control: CallControl): Promise<void> {
    const parts = this.#loaded().ovis.stream(await this.#request(request, control));
    for await (const part of parts) {
      if (control.stopped) return;
      await control.send(part);
    }
  }

  async #look({ image, limits }: WorkerCalls['look']['request'], { signal }: CallControl): Promise<Performed> {
    const look = await this.#loaded().ovis.look(await this.#image(image, signal), { ...limits, signal });
    return { value: look, transfer: buffersOfLook(look) };
  }

  async #observe(
    { sample, maxNewTokens }: WorkerCalls['observe']['request'],
    control: CallControl,
  ): Promise<Performed> {
    const asked = await this.#request(sample, control);
    const observed = await observeSample(this.#loaded().compared, asked, { maxNewTokens }, control.signal);
    return { value: observed, transfer: buffersOfObservation(observed) };
  }

  async #measure({ sample, reference }: WorkerCalls['measure']['request'], control: CallControl): Promise<unknown> {
    const asked = await this.#request(sample, control);
    return measureSample(this.#loaded().compared, asked, reference, control.signal);
  }

  async #request(request: PostedRequest, { signal, onProgress }: CallControl): Promise<GenerateRequest> {
    const messages = await mapPictures(request.messages, (image) => this.#image(image, signal));
    return { ...request, messages, signal, onProgress };
  }

  #image(image: TransferredImage, signal: AbortSignal) {
    return toImageSource(image, { maxPixels: this.#maxPixels, signal });
  }

  #loaded(): LoadedOvis {
    if (this.#model === null) throw new DisposedError('The worker holds no model. Load it again.');
    return this.#model;
  }
}
