import { signal } from '@preact/signals';

const message = signal('');

/** Says something to users of a screen reader, after what is being said. */
export function announce(text: string): void {
  // The same text twice would not be a change.
  message.value = message.value === text ? `${text}\u00A0` : text;
}

/** The place that screen readers listen to. */
export function Announcer() {
  return (
    <div class="unseen" role="status" aria-live="polite">
      {message}
    </div>
  );
}
