import { OvisError, type OvisErrorCode } from 'ovis/web';
import type { Notice, WayOut } from '../page/notices.ts';
import { settings } from '../page/settings.ts';

/** Title and ways out of every kind of error; the error's own message says what happened. */
const kinds: Readonly<Record<OvisErrorCode, { readonly title: string; readonly waysOut: readonly WayOut[] }>> = {
  'invalid-argument': { title: 'This cannot be used as it is.', waysOut: ['settings', 'choose-model'] },
  'model-file': { title: 'These files are no whole model.', waysOut: ['reload', 'choose-model'] },
  'weight-mismatch': { title: 'The weights do not fit this model.', waysOut: ['choose-model'] },
  'graph-contract': { title: 'This model was converted for another version.', waysOut: ['choose-model'] },
  'shape-mismatch': { title: 'The model and its inputs do not fit.', waysOut: ['reload', 'choose-model'] },
  tokenizer: { title: 'The text cannot be read.', waysOut: ['choose-model'] },
  prompt: { title: 'This conversation cannot be asked.', waysOut: ['new-conversation'] },
  image: { title: 'This picture cannot be used.', waysOut: ['new-conversation'] },
  'context-length': { title: 'This is too long for the model.', waysOut: ['new-conversation', 'settings'] },
  'backend-unavailable': { title: 'This device cannot run the model.', waysOut: ['use-wasm', 'choose-model'] },
  runtime: { title: 'The model stopped.', waysOut: ['reload', 'choose-model'] },
  download: { title: 'The download broke off.', waysOut: ['resume', 'choose-model'] },
  storage: { title: 'The browser cannot store this model.', waysOut: ['stored-models', 'reload'] },
  disposed: { title: 'The model is not loaded any more.', waysOut: ['reload'] },
};

/** What to tell about an error, and what the user can do now. */
export function explainError(error: unknown, more: readonly WayOut[] = []): Notice {
  if (!OvisError.isInstance(error)) {
    return { title: 'Something unexpected went wrong.', text: String(error), waysOut: ['reload', ...more] };
  }
  const { title, waysOut } = kinds[error.code];
  const sensible = settings.value.device === 'wasm' ? waysOut.filter((way) => way !== 'use-wasm') : waysOut;
  return { title, text: error.message, waysOut: [...sensible, ...more] };
}
