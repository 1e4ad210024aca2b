import { ModelFileError } from '@ovis/core';

/** Refuses a config that asks for something the graphs do not have. */
export function unsupported(file: string, key: string, value: unknown, known: string): never {
  const came = (JSON.stringify(value) ?? String(value)).slice(0, 80);
  throw new ModelFileError(
    `${file}: "${key}" is ${came}; this version converts models with ${known}. ` +
      'Released checkpoints have that; others need a newer version of the converter.',
    { details: { file, key, came } },
  );
}
