import { signal } from '@preact/signals';

/** A way out of a failure. */
export type WayOut =
  | 'reload'
  | 'resume'
  | 'use-wasm'
  | 'use-embedded'
  | 'choose-model'
  | 'stored-models'
  | 'settings'
  | 'new-conversation';

/** Something that went wrong, with ways out. */
export type Notice = { readonly title: string; readonly text: string; readonly waysOut: readonly WayOut[] };

/** What is shown above the question; null when all is well. */
export const notice = signal<Notice | null>(null);

/** Shows a notice in place of the one before. */
export function showNotice(next: Notice): void {
  notice.value = next;
}

/** Takes it away. */
export function clearNotice(): void {
  notice.value = null;
}
