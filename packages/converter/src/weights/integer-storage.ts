import type { WeightStorage } from './weight-expression.ts';

/** Whether numbers are stored as integers. */
export function isQuantised({ kind }: Pick<WeightStorage, 'kind'>): boolean {
  return kind === 'blocks' || kind === 'columns';
}

/** Whether these are integers of the checkpoint. */
export function isImported(storage: Pick<WeightStorage, 'kind'> & { readonly imported?: unknown }): boolean {
  return storage.kind === 'blocks' && storage.imported !== undefined;
}
