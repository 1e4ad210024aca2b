import { signal } from '@preact/signals';

/** Whether something is being dragged over the page. */
export const isDropping = signal(false);
