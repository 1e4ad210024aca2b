import { signal } from '@preact/signals';

/** The dialogs of the page. */
export type DialogName = 'models' | 'settings' | 'camera';

/** The one that is open. */
export const dialog = signal<DialogName | null>(null);

/** Opens a dialog. */
export function openDialog(name: DialogName): void {
  dialog.value = name;
}

/** Closes the open one. */
export function closeDialog(): void {
  dialog.value = null;
}
