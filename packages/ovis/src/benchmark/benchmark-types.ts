import type { BundleManifest, DeviceInfo } from '@ovis/core';
import type { LoadTimings } from '../open-model.ts';

/** Times of something that was repeated, in milliseconds. */
export type RepeatedTime = {
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  /** One per repetition, in order. */
  readonly all: readonly number[];
};

/** How fast a prompt is read. */
export type PrefillTime = {
  /** Positions of the prompt. */
  readonly length: number;
  /** From the empty sequence to the candidates for the first new token. */
  readonly ms: RepeatedTime;
};

/** How fast an answer is written. */
export type StepTime = {
  /** Positions read before the first timed step. */
  readonly context: number;
  /** Of one step: the token's embedding, the model, the pick. Per repetition the median of its steps. */
  readonly ms: RepeatedTime;
};

/** How fast one picture is seen: noise of the size of one view. */
export type PictureTime = {
  /** Pixels. */
  readonly height: number;
  /** Pixels. */
  readonly width: number;
  readonly visualTokens: number;
  /** Resizing, normalising, cutting into patches. */
  readonly prepareMs: RepeatedTime;
  /** ViT, visual head and table. */
  readonly visionMs: RepeatedTime;
};

/** Bytes that one step must read: no processor can be faster than its memory gives them. */
export type StepBytes = {
  /** Weights of the language model. */
  readonly weights: number;
  /** Keys and values, per position of the context. */
  readonly perPosition: number;
};

/** What the stages of a loaded model take. */
export type StageTimes = {
  readonly prefill: readonly PrefillTime[];
  readonly decode: readonly StepTime[];
  readonly picture: PictureTime | null;
};

/** What a model takes on this machine. */
export type Benchmark = StageTimes & {
  readonly manifest: BundleManifest;
  readonly device: DeviceInfo;
  readonly load: LoadTimings;
  readonly stepBytes: StepBytes;
  /** Bytes per second that as many threads read from memory; null where it was not measured. */
  readonly memoryBandwidth: number | null;
  readonly memory: {
    /** Resident memory of the process after loading, in bytes. */
    readonly loadedBytes: number;
    /** Its highest, in bytes. */
    readonly peakBytes: number;
  };
};

/** What to measure. */
export type StagePlan = {
  /** Lengths of prompts that are read, each 1 or more. Default: those of 256, 1024 and 2048 that the model holds. */
  readonly prefill?: readonly number[] | undefined;
  /** Contexts after which steps are timed, each 1 or more. Default: those of 64, 512 and 2048 that the model holds. */
  readonly decode?: readonly number[] | undefined;
  /** Timed steps per context and repetition, in [1, 1024]. Default: 16. */
  readonly steps?: number | undefined;
  /** Repetitions, in [1, 100]; each measures everything once, in turns. Default: 3. */
  readonly repeat?: number | undefined;
  /** Whether a picture is timed. Default: true. */
  readonly picture?: boolean | undefined;
};
