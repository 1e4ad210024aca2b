import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MANIFEST_FILE, ModelFileError, type BundleManifest } from '@ovis/core';
import { readManifestOf } from '../open-model.ts';
import { FolderFiles } from './folder-files.ts';

/** What a folder holds. */
export type ModelFolder = { readonly kind: 'bundle' | 'checkpoint'; readonly folder: string };

/**
 * Finds out what a folder holds: a bundle has `ovis.json`, a checkpoint has `config.json`.
 *
 * @throws ModelFileError when it is neither; the message says what was looked for.
 */
export async function findModel(model: string | URL): Promise<ModelFolder> {
  const folder = resolve(model instanceof URL || model.startsWith('file:') ? fileURLToPath(model) : model);
  if (await exists(join(folder, MANIFEST_FILE))) return { kind: 'bundle', folder };
  if (await exists(join(folder, 'config.json'))) return { kind: 'checkpoint', folder };
  const reason = (await exists(folder)) ? `has neither ${MANIFEST_FILE} nor config.json` : 'does not exist';
  throw new ModelFileError(
    `${folder} ${reason}. Expected the folder of a bundle (${MANIFEST_FILE}, made by \`ovis convert\`) or of an ` +
      'Ovis checkpoint (config.json, *.safetensors, tokenizer.json).',
    { details: { folder } },
  );
}

/**
 * The manifest of the bundle in a folder, checked, without loading anything else.
 *
 * @throws ModelFileError when there is none or it is malformed.
 */
export function readManifest(folder: string): Promise<BundleManifest> {
  return readManifestOf(new FolderFiles(folder));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
