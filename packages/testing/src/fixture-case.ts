import type { StoredTensor } from './parse-safetensors.ts';

/** One case of the official code: its `case.json` and its tensors. */
export type FixtureCase<T> = {
  readonly name: string;
  readonly description: T;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
};
