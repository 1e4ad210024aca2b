import type { TransferredImage } from '@ovis/backend-web/page';
import type { BundleManifest, DeviceInfo, ErrorRecord, Progress } from '@ovis/core';
import type { GenerateResult, StreamPart } from '../answer/answer-types.ts';
import type { SampleComparison } from '../compare/comparison-types.ts';
import type { Observation } from '../compare/observe-sample.ts';
import type { Look } from '../look/look-types.ts';
import type { LoadTimings } from '../open-model.ts';
import type { GenerateRequest, ImageLimits } from '../request/generate-request.ts';
import type { LoadOptions } from './load-options.ts';
import type { MessageWith } from './map-pictures.ts';

/** A place of a bundle that can be posted; addresses are absolute. */
export type PostedSource =
  | { readonly kind: 'url'; readonly href: string }
  | { readonly kind: 'folder'; readonly folder: FileSystemDirectoryHandle }
  | { readonly kind: 'files'; readonly files: readonly File[] };

/** Options that cannot be posted: the link carries them in its own way. */
type Carried = 'signal' | 'onProgress';

/** A request whose pictures can be posted. */
export type PostedRequest = Omit<GenerateRequest, 'messages' | Carried> & {
  readonly messages: readonly MessageWith<TransferredImage>[];
};

/** Everything the worker does, with what it takes and gives. */
export type WorkerCalls = {
  load: {
    request: {
      readonly source: PostedSource;
      readonly options: Omit<LoadOptions, Carried | 'runtimeFiles'> & { readonly runtimeFiles?: string };
    };
    reply: { readonly manifest: BundleManifest; readonly device: DeviceInfo; readonly timings: LoadTimings };
  };
  generate: { request: PostedRequest; reply: GenerateResult };
  /** Its parts come as they are made; the reply only says that there are no more. */
  stream: { request: PostedRequest; reply: null };
  look: { request: { readonly image: TransferredImage; readonly limits: ImageLimits }; reply: Look };
  /** Asks the reference of a comparison. */
  observe: { request: { readonly sample: PostedRequest; readonly maxNewTokens: number }; reply: Observation };
  /** Asks the candidate the same, and measures how far it is from what the reference's worker observed. */
  measure: { request: { readonly sample: PostedRequest; readonly reference: Observation }; reply: SampleComparison };
  /** Waits for running work and frees the model. */
  dispose: { request: null; reply: null };
};

/** Name of a call. */
export type CallName = keyof WorkerCalls;

/** From the page to the worker. Ids are chosen by the page. */
export type PageMessage =
  | {
      [K in CallName]: {
        readonly type: 'call';
        readonly id: number;
        readonly call: K;
        readonly request: WorkerCalls[K]['request'];
      };
    }[CallName]
  /** The caller's signal was aborted. */
  | { readonly type: 'abort'; readonly id: number }
  /** The reader of a stream took one part, so that another may be made ahead. */
  | { readonly type: 'taken'; readonly id: number }
  /** The reader of a stream wants no more. */
  | { readonly type: 'stop'; readonly id: number };

/** From the worker to the page. */
export type WorkerMessage =
  /** The worker runs, and holds the lock of this name for as long as it lives; null where there are no locks. */
  | { readonly type: 'started'; readonly lock: string | null }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorRecord }
  /** Ended because of the caller's signal. */
  | { readonly type: 'aborted'; readonly id: number }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly type: 'part'; readonly id: number; readonly part: StreamPart };

/** Parts of a stream that the worker makes before the page has taken any: a busy page does not hold the model up. */
export const PARTS_AHEAD = 16;
