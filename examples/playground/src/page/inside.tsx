import { useEffect, useRef } from 'preact/hooks';
import { LookPanel } from '../look/look-panel.tsx';
import { insideOpen, isNarrow } from '../look/looked-at.ts';
import { DevicePanel } from '../panels/device-panel.tsx';
import { SpeedPanel } from '../panels/speed-panel.tsx';
import { CloseIcon } from './icons.tsx';

/** What goes on inside the model: beside the conversation, or over it where there is no room. */
export function Inside() {
  const narrow = isNarrow.value;
  const open = insideOpen.value;
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!narrow || !open) return undefined;
    close.current?.focus();
    return () => document.querySelector<HTMLElement>('#inside-button')?.focus();
  }, [narrow, open]);
  if (narrow && !open) return null;
  return (
    <aside
      class="inside"
      aria-label="Inside the model"
      onKeyDown={(event) => {
        if (narrow && event.key === 'Escape') shut();
      }}
    >
      {narrow && (
        <div class="inside-head">
          <strong>Inside the model</strong>
          <button ref={close} type="button" class="icon-button" aria-label="Back to the conversation" onClick={shut}>
            <CloseIcon />
          </button>
        </div>
      )}
      <LookPanel />
      <SpeedPanel />
      <DevicePanel />
    </aside>
  );
}

function shut(): void {
  insideOpen.value = false;
}
