import {
  ModelFileError,
  type BundleManifest,
  type FileDescription,
  type ModelFiles,
  type OnProgress,
} from '@ovis/core';

/** How a bundle's files are checked before they are used. */
export type Verification =
  /**
   * As `full`, unless the same files were found right before and the system records no change since (in Node: inode, size
   * and times of every file). Damage of the disk itself is then not looked for again.
   */
  | 'auto'
  /** Size and SHA-256 of every file: a changed byte is found. Reads the bundle once, at disk speed. */
  | 'full'
  /** Sizes only. For bundles that cannot have changed since they were last verified. */
  | 'sizes';

/**
 * Compares the files of a bundle with its manifest, in two parts: small files that are parsed, before that happens,
 * and large ones that only hold numbers, which may be hashed while they are loaded already.
 */
export class BundleVerifier {
  readonly #manifest: BundleManifest;
  readonly #files: ModelFiles;
  readonly #onProgress: OnProgress | undefined;
  readonly #numbers: ReadonlySet<string>;
  readonly #total: number;
  #done = 0;

  constructor(manifest: BundleManifest, files: ModelFiles, onProgress?: OnProgress) {
    this.#manifest = manifest;
    this.#files = files;
    this.#onProgress = onProgress;
    this.#numbers = new Set(filesOfNumbers(manifest));
    this.#total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * Compares the sizes of all files.
   *
   * @throws ModelFileError naming the first file that is missing or has another size.
   */
  async sizes(): Promise<void> {
    for (const file of this.#manifest.files) await checkSize(file, this.#files);
  }

  /**
   * Hashes the graphs, the tokenizer and whatever else is parsed.
   *
   * @throws ModelFileError naming the first file that has changed; `signal.reason` when aborted.
   */
  parsed(signal?: AbortSignal): Promise<void> {
    return this.#hash(({ path }) => !this.#numbers.has(path), signal);
  }

  /** Hashes weights and tables; errors as in {@link parsed}. */
  numbers(signal?: AbortSignal): Promise<void> {
    return this.#hash(({ path }) => this.#numbers.has(path), signal);
  }

  async #hash(wanted: (file: FileDescription) => boolean, signal: AbortSignal | undefined): Promise<void> {
    for (const { path, sha256 } of this.#manifest.files.filter(wanted)) {
      const found = await this.#files.sha256(path, {
        ...(signal === undefined ? {} : { signal }),
        onBytes: (bytes) => {
          this.#done += bytes;
          this.#onProgress?.({ phase: 'verify', item: path, done: this.#done, total: this.#total });
        },
      });
      if (found === sha256) continue;
      throw new ModelFileError(
        `${this.#files.location}/${path} has changed since the bundle was written: its SHA-256 is ${found}, the manifest says ${sha256}. ` +
          'Copy or download the bundle again, or convert the checkpoint again.',
        { details: { file: path, found, expected: sha256 } },
      );
    }
  }
}

/** Files of nothing but weights and rows of tables. */
function filesOfNumbers({ graphs, tables }: BundleManifest): string[] {
  const weights = Object.values(graphs).flatMap((graph) => graph?.externalData ?? []);
  const rows = Object.values(tables).flatMap((table) => {
    if (table === null) return [];
    return table.storage === 'blocks' ? [table.codes.file, table.scales.file] : [table.data.file];
  });
  return [...weights, ...rows];
}

async function checkSize({ path, bytes }: FileDescription, files: ModelFiles): Promise<void> {
  await using file = await files.open(path);
  if (file.size === bytes) return;
  throw new ModelFileError(
    `${files.location}/${path} has ${file.size} bytes; the manifest says ${bytes}. The bundle was copied or downloaded only in part: ` +
      'get it again, or convert the checkpoint again.',
    { details: { file: path, found: file.size, expected: bytes } },
  );
}
