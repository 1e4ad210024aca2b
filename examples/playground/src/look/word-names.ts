import names from '@ovis/nano/visual-words.json';
import { modelState } from '../model/model-state.ts';
import { count } from '../page/units.ts';

/** What a visual word is called: what it means, which is known for the embedded model, else its number. */
export function wordName(word: number): string {
  const state = modelState.value;
  const name = state.kind === 'ready' && state.origin.kind === 'embedded' ? names[word] : undefined;
  return name === undefined || name === '' ? `word ${count(word)}` : name;
}
