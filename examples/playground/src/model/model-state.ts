import { signal } from '@preact/signals';
import { Ovis, type Progress } from 'ovis/web';
import { announce } from '../page/announce.tsx';
import { clearNotice, showNotice, type WayOut } from '../page/notices.ts';
import { settings } from '../page/settings.ts';
import { explainError } from './explain-error.ts';
import { embeddedModel, type ModelOrigin } from './model-origin.ts';

/** The one model of the page. */
export type ModelState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'loading';
      readonly origin: ModelOrigin;
      readonly progress: Progress | null;
      readonly cancel: () => void;
    }
  | { readonly kind: 'ready'; readonly origin: ModelOrigin; readonly ovis: Ovis };

export const modelState = signal<ModelState>({ kind: 'none' });

/** What was loaded last, or should have been. */
let lastOrigin: ModelOrigin = embeddedModel;

/** Ends the load at hand, so that another can begin. */
let endLoad: () => Promise<void> = () => Promise.resolve();

/** Loads a model in place of the one that is there. Failures become notices. */
export async function loadModel(origin: ModelOrigin): Promise<void> {
  await endLoad();
  lastOrigin = origin;
  const abortion = new AbortController();
  const loading = load(origin, abortion);
  endLoad = () => {
    abortion.abort();
    return loading;
  };
  await loading;
}

/** Loads it again, with the settings as they are now. */
export function reloadModel(): Promise<void> {
  return loadModel(lastOrigin);
}

async function load(origin: ModelOrigin, abortion: AbortController): Promise<void> {
  const before = modelState.value;
  const { signal: stop } = abortion;
  const show = (progress: Progress | null) => {
    modelState.value = { kind: 'loading', origin, progress, cancel: () => abortion.abort() };
  };
  clearNotice();
  show(null);
  announce(`Loading ${origin.label}.`);
  // Two models at once may be more than the memory holds.
  if (before.kind === 'ready') await before.ovis.dispose();
  try {
    const { device } = settings.value;
    const ovis = await Ovis.load((device === 'webgpu' ? origin.webGpuSource : undefined) ?? origin.source, {
      device,
      signal: stop,
      onProgress: (progress) => {
        if (!stop.aborted) show(progress);
      },
    });
    modelState.value = { kind: 'ready', origin, ovis };
    announce(`${ovis.model.name} is ready.`);
  } catch (error) {
    modelState.value = { kind: 'none' };
    const more: readonly WayOut[] = origin.kind === 'embedded' ? [] : ['use-embedded'];
    if (stop.aborted) {
      showNotice({
        title: `Loading ${origin.label} was cancelled.`,
        text: 'What was downloaded is kept: loading goes on from there.',
        waysOut: ['resume', ...more],
      });
    } else {
      showNotice(explainError(error, more));
    }
  }
}
