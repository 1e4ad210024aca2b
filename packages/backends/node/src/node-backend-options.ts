import { InvalidArgumentError } from '@ovis/core';
import { physicalCores } from './physical-cores.ts';
import type { NodeDevice, Spinning, StartOptions, StateUpdates } from './protocol.ts';

/** How to open the backend. */
export type NodeBackendOptions = {
  /**
   * Where graphs run. `auto` is the CPU for now. `webgpu` and `cuda` fail when the machine cannot start
   * them; they never fall back. Default: `auto`.
   */
  readonly device?: 'auto' | NodeDevice;
  /** Threads inside one operator, 1 to 1024. Default: the physical cores that this process may use. */
  readonly threads?: number;
  /**
   * Whether threads that wait for the next operator stay awake for a moment (`on`), which answers a fifth to a quarter
   * faster, or sleep (`off`), which leaves the processor to others. Default: `on`.
   */
  readonly spinning?: Spinning;
  /**
   * `auto` lets the runtime append keys and values in place where a start-up probe shows that it can; `copy`
   * never does, which is slower and depends on nothing. Default: `auto`.
   */
  readonly stateUpdates?: StateUpdates;
  /** Ends the opening; the promise then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
};

const devices: readonly NonNullable<NodeBackendOptions['device']>[] = ['auto', 'cpu', 'webgpu', 'cuda'];

/** The choice that the options mean, and why it was made. */
export function resolveNodeBackendOptions(options: NodeBackendOptions): { start: StartOptions; reasons: string[] } {
  const { device = 'auto', threads = physicalCores(), spinning = 'on', stateUpdates = 'auto' } = options;
  if (!devices.includes(device)) {
    throw new InvalidArgumentError(`device is ${JSON.stringify(device)}; expected one of ${devices.join(', ')}.`);
  }
  if (!Number.isInteger(threads) || threads < 1 || threads > 1024) {
    throw new InvalidArgumentError(`threads is ${String(threads)}; expected an integer from 1 to 1024.`);
  }
  if (!['on', 'off'].includes(spinning)) {
    throw new InvalidArgumentError(`spinning is ${JSON.stringify(spinning)}; expected on or off.`);
  }
  if (!['auto', 'copy'].includes(stateUpdates)) {
    throw new InvalidArgumentError(`stateUpdates is ${JSON.stringify(stateUpdates)}; expected auto or copy.`);
  }
  const reasons = [
    device === 'auto' ? 'auto means the CPU for now' : `device ${device} was asked for`,
    options.threads === undefined ? `${threads} threads, one per physical core` : `${threads} threads were asked for`,
    ...(spinning === 'off' ? ['waiting threads sleep: asked for'] : []),
  ];
  return { start: { device: device === 'auto' ? 'cpu' : device, threads, spinning, stateUpdates }, reasons };
}
