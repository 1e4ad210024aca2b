import { effect, signal } from '@preact/signals';
import { isAnswering } from '../conversation/conversation.ts';
import { modelState } from '../model/model-state.ts';

/** Bytes of the page and its worker; null where the browser does not tell. */
export const memoryUse = signal<number | null>(null);

/** Browsers that tell do so on cross-origin isolated pages, at their leisure. */
type Measuring = { readonly measureUserAgentSpecificMemory: () => Promise<{ readonly bytes: number }> };

/** Measures the memory when a model has been loaded and after every answer. */
export function measureMemoryWhenIdle(): void {
  effect(() => {
    if (modelState.value.kind === 'ready' && !isAnswering.value) void measure();
  });
}

async function measure(): Promise<void> {
  const { performance } = globalThis;
  if (!canMeasure(performance) || !crossOriginIsolated) return;
  try {
    memoryUse.value = (await performance.measureUserAgentSpecificMemory()).bytes;
  } catch {
    // Not now; the number before stays.
  }
}

function canMeasure(value: object): value is Measuring {
  return 'measureUserAgentSpecificMemory' in value;
}
