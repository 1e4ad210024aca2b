import type { WebDevice } from '../web-backend-options.ts';

/** Threads of WebAssembly, and why. */
export type ThreadChoice = { readonly threads: number; readonly reason: string };

/** What the page offers. */
export type ThreadSupply = {
  /** Whether memory may be shared between threads (`crossOriginIsolated`). */
  readonly isolated: boolean;
  /** `navigator.hardwareConcurrency`. */
  readonly cores: number;
};

/** Up to this many cores all are used; of more, half are taken to be hyper-threads or slow. */
const FEW_CORES = 4;
const MOST_DEFAULT_THREADS = 8;

/** Chooses the threads of WebAssembly; `wanted` is what the caller asked for, or null. */
export function chooseThreads(
  wanted: number | null,
  device: WebDevice,
  { isolated, cores }: ThreadSupply,
): ThreadChoice {
  if (!isolated && wanted !== 1) {
    return { threads: 1, reason: '1 thread: the page is not cross-origin isolated (COOP and COEP headers)' };
  }
  if (wanted !== null) return { threads: wanted, reason: `${counted(wanted)} asked for` };
  if (device === 'webgpu') return { threads: 1, reason: '1 thread: the graphics adapter does the work' };
  const threads = Math.min(MOST_DEFAULT_THREADS, cores <= FEW_CORES ? Math.max(1, cores) : Math.ceil(cores / 2));
  return { threads, reason: `${counted(threads)} on ${cores} cores` };
}

function counted(threads: number): string {
  return threads === 1 ? '1 thread' : `${threads} threads`;
}
