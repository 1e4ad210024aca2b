import { effect, signal } from '@preact/signals';
import type { Look, Ovis } from 'ovis/web';
import { isAnswering } from '../conversation/conversation.ts';
import type { Picture } from '../conversation/picture.ts';
import { explainError } from '../model/explain-error.ts';
import { modelState } from '../model/model-state.ts';
import { insideOpen, isNarrow, lookedAt } from './looked-at.ts';

/** What is known of the picture that is looked into. */
export type LookState =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking'; readonly picture: Picture }
  | { readonly kind: 'failed'; readonly picture: Picture; readonly message: string }
  | { readonly kind: 'ready'; readonly picture: Picture; readonly look: Look };

export const lookState = signal<LookState>({ kind: 'none' });

/** Looks of the loaded model, by picture. */
const known = new WeakMap<Ovis, Map<number, Look>>();

/** Looks into the chosen picture whenever its panel is seen and the model has nothing else to do. */
export function lookWhenIdle(): void {
  effect(() => {
    const model = modelState.value;
    const picture = lookedAt.value;
    const seen = !isNarrow.value || insideOpen.value;
    if (picture === null || model.kind !== 'ready') {
      lookState.value = { kind: 'none' };
      return undefined;
    }
    const look = known.get(model.ovis)?.get(picture.id);
    if (look !== undefined) {
      lookState.value = { kind: 'ready', picture, look };
      return undefined;
    }
    lookState.value = { kind: 'looking', picture };
    if (isAnswering.value || !seen) return undefined;
    const abortion = new AbortController();
    void lookInto(model.ovis, picture, abortion.signal);
    return () => abortion.abort();
  });
}

async function lookInto(ovis: Ovis, picture: Picture, stop: AbortSignal): Promise<void> {
  try {
    const look = await ovis.look(picture.file, { signal: stop });
    const looks = known.get(ovis) ?? new Map<number, Look>();
    known.set(ovis, looks.set(picture.id, look));
    if (!stop.aborted) lookState.value = { kind: 'ready', picture, look };
  } catch (error) {
    if (!stop.aborted) lookState.value = { kind: 'failed', picture, message: explainError(error).text };
  }
}
