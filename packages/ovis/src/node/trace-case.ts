import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { createSharpDecoder, openNodeBackend } from '@ovis/backend-node';
import { asyncDispose, ImageError, InvalidArgumentError, type OnProgress } from '@ovis/core';
import { openModel } from '../open-model.ts';
import { readCase } from '../trace/read-case.ts';
import { runCase, type CaseImageReader, type Trace } from '../trace/run-case.ts';
import { convertInWorker } from './convert-in-worker.ts';
import { FolderFiles } from './folder-files.ts';
import { findModel } from './model-folder.ts';
import { readPath } from './read-path.ts';

/** What to trace. */
export type TraceOptions = {
  /** Folder of a bundle, or of a checkpoint, which is taken in f32 with all stages visible. */
  readonly model: string;
  /** A case in the format of the golden fixtures; its pictures lie beside it, in `images` two folders up, or in the model's `images`. */
  readonly caseFile: string;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

const MAX_CASE_BYTES = 2 ** 24;

/**
 * Runs one case as the official code would and gives the tensors of every stage under the names of the golden
 * fixtures, so that anyone can compare them with the reference. Stages that a bundle hides are left out: convert
 * with intermediates to see them.
 *
 * @throws InvalidArgumentError when the case is malformed, ImageError when a picture cannot be read.
 */
export async function traceCase({ model, caseFile, onProgress, signal }: TraceOptions): Promise<Trace> {
  const traced = readCase(await readCaseFile(caseFile), caseFile);
  const { kind, folder } = await findModel(model);
  const temporary = kind === 'checkpoint' ? await mkdtemp(join(tmpdir(), 'ovis-trace-')) : null;
  try {
    const bundle = temporary === null ? folder : join(temporary, 'bundle');
    if (temporary !== null) {
      const options = { dtype: 'f32', device: 'cpu', intermediates: true, onProgress, signal } as const;
      await convertInWorker(folder, bundle, options);
    }
    const images = await createSharpDecoder();
    const readImage: CaseImageReader = async (name) =>
      images.decode(await readPath(await findImage(name, caseFile, folder), signal), signal);
    const backend = await openNodeBackend();
    try {
      const platform = { backend, images, readPath, files: new FolderFiles(bundle) };
      const loaded = await openModel(platform, { onProgress, signal });
      try {
        return await runCase(loaded, traced, readImage, signal);
      } finally {
        await loaded.dispose();
      }
    } finally {
      await backend[asyncDispose]();
    }
  } finally {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true });
  }
}

async function readCaseFile(path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_CASE_BYTES) throw new InvalidArgumentError(`${path} has ${size} bytes; a case has a few thousand.`);
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (InvalidArgumentError.isInstance(cause)) throw cause;
    throw new InvalidArgumentError(`Cannot read the case ${path}: ${String(cause)}`, { cause });
  }
}

async function findImage(name: string, caseFile: string, model: string): Promise<string> {
  const folder = dirname(caseFile);
  const candidates = isAbsolute(name)
    ? [name]
    : [join(folder, name), join(folder, '../../images', name), join(model, 'images', name)];
  for (const path of candidates) {
    const found = await stat(path).catch(() => null);
    if (found?.isFile() === true) return path;
  }
  throw new ImageError(`The picture ${name} of the case was not found. Looked for: ${candidates.join(', ')}.`);
}
