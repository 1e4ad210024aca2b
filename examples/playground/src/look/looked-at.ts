import { signal } from '@preact/signals';
import type { Picture } from '../conversation/picture.ts';

/** The picture that is looked into. */
export const lookedAt = signal<Picture | null>(null);

/** Whether the side panel is open where it has no room of its own. */
export const insideOpen = signal(false);

const narrow = matchMedia('(max-width: 60rem)');

/** Whether the side panel has no room of its own. */
export const isNarrow = signal(narrow.matches);
narrow.addEventListener('change', ({ matches }) => {
  isNarrow.value = matches;
  insideOpen.value = false;
});

/** Opens the side panel where it is not seen anyway. */
export function showInside(): void {
  if (isNarrow.value) insideOpen.value = true;
}
