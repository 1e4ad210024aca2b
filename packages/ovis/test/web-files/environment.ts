import type { ModelLocks, WebEnvironment } from '../../src/web/files/web-environment.ts';

/** An environment for tests: the real network, pauses that are only counted. */
export type TestEnvironment = WebEnvironment & { readonly pauses: number[]; offline: boolean };

export function testEnvironment(overrides: Partial<WebEnvironment> = {}): TestEnvironment {
  const pauses: number[] = [];
  const environment: TestEnvironment = {
    pauses,
    offline: false,
    fetch: (url, init) => (environment.offline ? Promise.reject(new TypeError('fetch failed')) : fetch(url, init)),
    wait: (milliseconds, signal) => {
      signal?.throwIfAborted();
      pauses.push(milliseconds);
      return Promise.resolve();
    },
    locks: queuedLocks(),
    freeSpace: () => Promise.resolve(null),
    origin: null,
    ...overrides,
  };
  return environment;
}

/** Locks as browsers have them, for "tabs" in one process. */
function queuedLocks(): ModelLocks {
  const tails = new Map<string, Promise<unknown>>();
  const shares = new Map<string, number>();
  return {
    exclusive: async (name, work, signal) => {
      const before = tails.get(name) ?? Promise.resolve();
      const mine = before
        .catch(() => undefined)
        .then(() => {
          signal?.throwIfAborted();
          return work();
        });
      tails.set(name, mine);
      return mine;
    },
    ifFree: (name, work) => ((shares.get(name) ?? 0) > 0 ? Promise.resolve(null) : work()),
    share: (name) => {
      shares.set(name, (shares.get(name) ?? 0) + 1);
      let held = true;
      return Promise.resolve(() => {
        if (held) shares.set(name, (shares.get(name) ?? 1) - 1);
        held = false;
      });
    },
  };
}
