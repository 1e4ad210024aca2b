/** What loading models needs of the browser, so that it can be tested without one. */
export type WebEnvironment = {
  readonly fetch: (url: string, init: FetchOptions) => Promise<Response>;
  /** Settles after that many milliseconds, or rejects with the signal's reason. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  readonly locks: ModelLocks;
  /** Bytes that the origin may still store; null where the browser does not tell. */
  readonly freeSpace: () => Promise<number | null>;
  /** Origin of the page; requests to others may not carry every header. */
  readonly origin: string | null;
};

/** What is used of the options of `fetch`. */
export type FetchOptions = {
  readonly headers?: Record<string, string>;
  readonly cache: 'default' | 'no-store' | 'no-cache' | 'reload';
  readonly signal: AbortSignal;
};

/** Locks between all tabs and workers of the origin. */
export type ModelLocks = {
  /** Does `work` while nobody else has the lock. */
  readonly exclusive: <T>(name: string, work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;
  /** Does `work` if nobody has or shares the lock now; else gives null. */
  readonly ifFree: <T>(name: string, work: () => Promise<T>) => Promise<T | null>;
  /** Shares the lock until the given function is called or the worker ends. */
  readonly share: (name: string, signal?: AbortSignal) => Promise<() => void>;
};
