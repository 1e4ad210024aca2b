import type { ModelLocks, WebEnvironment } from './web-environment.ts';

/** The browser itself. */
export function browserEnvironment(): WebEnvironment {
  return {
    fetch: (url, init) => fetch(url, init),
    wait,
    locks: 'locks' in navigator ? sharedLocks(navigator.locks) : noLocks,
    freeSpace: async () => {
      if (!('storage' in navigator)) return null;
      const { quota, usage } = await navigator.storage.estimate();
      return quota === undefined || usage === undefined ? null : Math.max(0, quota - usage);
    },
    origin: globalThis.location?.origin ?? null,
  };
}

function wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function sharedLocks(manager: LockManager): ModelLocks {
  return {
    exclusive: (name, work, signal) => manager.request(name, signal === undefined ? {} : { signal }, work),
    ifFree: (name, work) =>
      manager.request(name, { ifAvailable: true }, (lock) => (lock === null ? Promise.resolve(null) : work())),
    share: (name, signal) =>
      new Promise((resolve, reject) => {
        const options: LockOptions = { mode: 'shared', ...(signal === undefined ? {} : { signal }) };
        manager.request(name, options, () => new Promise<void>((release) => resolve(release))).catch(reject);
      }),
  };
}

/** Pages without a secure context have no locks, and no storage to guard either. */
const noLocks: ModelLocks = {
  exclusive: (_, work) => work(),
  ifFree: (_, work) => work(),
  share: () => Promise.resolve(() => undefined),
};
