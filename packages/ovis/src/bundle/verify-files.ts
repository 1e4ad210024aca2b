import {
  ModelFileError,
  type BundleManifest,
  type FileDescription,
  type ModelFiles,
  type OnProgress,
} from '@ovis/core';

/** How a bundle's files are checked before they are used. */
export type Verification =
  /** Size and SHA-256 of every file: a changed byte is found. Reads the bundle once, at disk speed. */
  | 'full'
  /** Sizes only. For bundles that cannot have changed since they were last verified. */
  | 'sizes';

/**
 * Compares every file of a bundle with its manifest.
 *
 * @throws ModelFileError naming the first file that is missing, has another size, or has changed.
 */
export async function verifyFiles(
  manifest: BundleManifest,
  files: ModelFiles,
  verification: Verification,
  { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress | undefined },
): Promise<void> {
  for (const file of manifest.files) await checkSize(file, files);
  if (verification === 'sizes') return;
  const total = manifest.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, sha256 } of manifest.files) {
    const found = await files.sha256(path, {
      ...(signal === undefined ? {} : { signal }),
      onBytes: (bytes) => {
        done += bytes;
        onProgress?.({ phase: 'verify', item: path, done, total });
      },
    });
    if (found !== sha256) {
      throw new ModelFileError(
        `${files.location}/${path} has changed since the bundle was written: its SHA-256 is ${found}, the manifest says ${sha256}. ` +
          'Copy or download the bundle again, or convert the checkpoint again.',
        { details: { file: path, found, expected: sha256 } },
      );
    }
  }
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
