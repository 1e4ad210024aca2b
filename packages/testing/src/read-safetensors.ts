import { readFileSync } from 'node:fs';
import { parseSafetensors, type StoredTensor } from './parse-safetensors.ts';

/** All tensors of a small safetensors file by name. For fixtures only: it reads the file whole and trusts it. */
export function readSafetensors(path: string): ReadonlyMap<string, StoredTensor> {
  return parseSafetensors(readFileSync(path));
}
