import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { ModelFileError } from '@ovis/core';

/** Tokenizer files are the largest JSON of a checkpoint; Gemma's has 17.5 MB. */
const MAX_JSON_BYTES = 64 * 1024 * 1024;

/** A JSON object, its values not yet checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The folder of a checkpoint: what lies in it, and its small files. */
export class CheckpointFolder {
  /** Absolute path. */
  readonly path: string;
  /** Names in the folder, sorted. */
  readonly names: readonly string[];

  private constructor(path: string, names: readonly string[]) {
    this.path = path;
    this.names = names;
  }

  /** @throws ModelFileError when there is no such folder. */
  static async open(path: string): Promise<CheckpointFolder> {
    const absolute = resolve(path);
    try {
      return new CheckpointFolder(absolute, (await readdir(absolute)).toSorted());
    } catch (cause) {
      throw new ModelFileError(
        `${absolute} is no folder that can be read. Give the folder that holds the model's config.json.`,
        { cause },
      );
    }
  }

  /** Name of the model for people: the folder's, or the repository's inside a Hugging Face cache. */
  get name(): string {
    const snapshots = dirname(this.path);
    const cached = /^models--.+?--(.+)$/u.exec(basename(dirname(snapshots)));
    return basename(snapshots) === 'snapshots' && cached?.[1] !== undefined ? cached[1] : basename(this.path);
  }

  /**
   * A small file whole; null where there is none.
   *
   * @throws ModelFileError when it cannot be read or is larger than any such file.
   */
  async readSmall(name: string): Promise<Uint8Array | null> {
    if (!this.names.includes(name)) return null;
    const path = join(this.path, name);
    try {
      const { size } = await stat(path);
      if (size <= MAX_JSON_BYTES) return await readFile(path);
    } catch (cause) {
      throw new ModelFileError(`${path} cannot be read. Check the file and its permissions.`, { cause });
    }
    throw new ModelFileError(`${path} is larger than ${MAX_JSON_BYTES} bytes. Put the model's own file there.`);
  }

  /**
   * A JSON file that holds an object; null where there is none.
   *
   * @throws ModelFileError when it is too large, no JSON in UTF-8, or no object.
   */
  async readJson(name: string): Promise<JsonObject | null> {
    const bytes = await this.readSmall(name);
    return bytes === null ? null : parseJsonObject(bytes, name);
  }
}

/** @throws ModelFileError when the bytes are no JSON object. */
export function parseJsonObject(bytes: Uint8Array, name: string): JsonObject {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (text.startsWith('version https://git-lfs')) return lfsPointer(name);
    value = JSON.parse(text);
  } catch (cause) {
    if (ModelFileError.isInstance(cause)) throw cause;
    throw new ModelFileError(`${name} is no JSON in UTF-8. Copy or download it again.`, {
      cause,
      details: { file: name },
    });
  }
  if (isObject(value)) return value;
  throw new ModelFileError(`${name} holds ${Array.isArray(value) ? 'a list' : typeof value}; expected an object.`, {
    details: { file: name },
  });
}

function lfsPointer(name: string): never {
  throw new ModelFileError(
    `${name} is a Git LFS pointer, not the file itself. Run \`git lfs pull\` in the checkpoint.`,
    {
      details: { file: name },
    },
  );
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
