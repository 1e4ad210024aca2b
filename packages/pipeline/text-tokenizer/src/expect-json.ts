import { TokenizerError } from '@ovis/core';

/** A JSON object whose entries are not yet checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws TokenizerError when `value` is no JSON object; `where` names its place. */
export function expectObject(value: unknown, where: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TokenizerError(`Expected an object for ${where}, got ${show(value)}.`);
  }
  return value as JsonObject;
}

/** @throws TokenizerError when `value` is no JSON list; `where` names its place. */
export function expectList(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TokenizerError(`Expected a list for ${where}, got ${show(value)}.`);
  return value;
}

/** A value for a message, at most 60 characters long. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
