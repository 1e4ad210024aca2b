import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FixtureCase } from './fixture-case.ts';
import type { StoredTensor } from './parse-safetensors.ts';
import { readSafetensors } from './read-safetensors.ts';

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
