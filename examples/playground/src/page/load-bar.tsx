import type { Progress } from 'ovis/web';
import { modelState } from '../model/model-state.ts';
import { bytes } from './units.ts';

const phases: Readonly<Record<string, string>> = {
  download: 'Downloading',
  verify: 'Checking',
  load: 'Opening',
  convert: 'Converting',
};

/** How far loading is, with a way to cancel it. */
export function LoadBar() {
  const model = modelState.value;
  if (model.kind !== 'loading') return null;
  const { progress, origin, cancel } = model;
  const share = progress === null || progress.total === 0 ? null : progress.done / progress.total;
  return (
    <div class="load-bar">
      <label for="load-progress">{words(progress, origin.label)}</label>
      <button type="button" class="button" onClick={cancel}>
        Cancel
      </button>
      {share === null ? <progress id="load-progress" /> : <progress id="load-progress" max={1} value={share} />}
    </div>
  );
}

function words(progress: Progress | null, label: string): string {
  if (progress === null) return `Loading ${label}`;
  const { phase, done, total } = progress;
  const amount = total > 1000 ? `: ${bytes(done)} of ${bytes(total)}` : '';
  return `${phases[phase] ?? 'Loading'} ${label}${amount}`;
}
