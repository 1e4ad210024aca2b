import type { StateSpec } from '@ovis/core';
import type { StateMemory } from './state/state-memory.ts';

/** What sessions and states need of the backend that they belong to. */
export interface SessionHost {
  /** Does work on the runtime when its turn comes; fails as soon as the device is lost. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Memory for states: of JavaScript, or of the graphics device. */
  allocate(specs: readonly StateSpec[], positions: number, onHost: boolean): Promise<StateMemory>;
  /** Forgets a session that frees itself. */
  forget(session: AsyncDisposable): void;
  /** @throws DisposedError after disposal. */
  assertOpen(): void;
}
