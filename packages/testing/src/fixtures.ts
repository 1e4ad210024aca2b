import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readSafetensors, type StoredTensor } from './read-safetensors.ts';

/** Absolute path of a file below `packages/testing/fixtures`, for instance `ovis2-tiny/tokenizer.json`. */
export function fixturePath(path: string): string {
  return fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));
}

/** Bytes of a fixture file. */
export function fixtureBytes(path: string): Uint8Array {
  return new Uint8Array(readFileSync(fixturePath(path)));
}

/** A fixture file that is JSON, taken for what the test says it is. */
export function fixtureJson<T>(path: string): T {
  return JSON.parse(readFileSync(fixturePath(path), 'utf8')) as T;
}

/** One case of the official code: its `case.json` and its tensors. */
export type FixtureCase<T> = {
  readonly name: string;
  readonly description: T;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
};

/** All cases of a model folder, in alphabetical order. */
export function fixtureCases<T>(model: string): FixtureCase<T>[] {
  return readdirSync(fixturePath(`${model}/cases`))
    .toSorted()
    .map((name) => {
      const folder = `${model}/cases/${name}`;
      const tensors = fixturePath(`${folder}/tensors.safetensors`);
      return {
        name,
        description: fixtureJson<T>(`${folder}/case.json`),
        tensors: existsSync(tensors) ? readSafetensors(tensors) : new Map<string, StoredTensor>(),
      };
    });
}

/** Integers of a tensor as numbers. */
export function integersOf(tensor: StoredTensor | undefined): number[] {
  if (tensor === undefined || !(tensor.data instanceof BigInt64Array)) throw new Error('Expected an int64 tensor.');
  return Array.from(tensor.data, Number);
}
