import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { asyncDispose, InvalidArgumentError, MANIFEST_FILE, ModelFileError } from '@ovis/core';

/**
 * A bundle in the making: a hidden folder beside its target that takes the target's name when it is complete.
 * Disposing without {@link commit} removes it, so an interrupted conversion leaves nothing that loads.
 */
export class BundleFolder implements AsyncDisposable {
  /** Where the files are written. */
  readonly path: string;
  readonly #target: string;
  readonly #replace: boolean;
  #state: 'writing' | 'committed' | 'discarded' = 'writing';

  private constructor(path: string, target: string, replace: boolean) {
    this.path = path;
    this.#target = target;
    this.#replace = replace;
  }

  /**
   * Makes the hidden folder, and its parents.
   *
   * @param overwrite - Whether a bundle that stands in the target's place is replaced.
   * @throws InvalidArgumentError when something else stands there.
   * @throws ModelFileError when the disk has fewer than `bytes` bytes left, or the folder cannot be made.
   */
  static async create(bundle: string, bytes: number, overwrite: boolean): Promise<BundleFolder> {
    const target = resolve(bundle);
    const replace = await checkTarget(target, overwrite);
    const parent = dirname(target);
    const path = join(parent, `.${basename(target)}.partial-${randomBytes(6).toString('hex')}`);
    try {
      await mkdir(parent, { recursive: true });
    } catch (cause) {
      throw new ModelFileError(`The folder ${parent} cannot be made. Choose another place for the bundle.`, { cause });
    }
    await checkSpace(parent, bytes);
    try {
      await mkdir(path);
    } catch (cause) {
      throw new ModelFileError(`Nothing can be written in ${parent}. Check its permissions.`, { cause });
    }
    return new BundleFolder(path, target, replace);
  }

  /** Gives the finished folder its name. */
  async commit(): Promise<void> {
    await checkTarget(this.#target, this.#replace);
    const old = `${this.path}-old`;
    const moved = await moveAway(this.#target, old);
    try {
      await rename(this.path, this.#target);
    } catch (cause) {
      if (moved) await rename(old, this.#target);
      throw new ModelFileError(`${this.#target} cannot be put in place. Is one of its files open?`, { cause });
    }
    this.#state = 'committed';
    // What was there is a complete bundle or an empty folder; if it cannot go, the new bundle is good all the same.
    if (moved) await rm(old, { recursive: true, force: true }).catch(() => undefined);
  }

  /** Removes what was written unless it was committed. */
  async [asyncDispose](): Promise<void> {
    if (this.#state !== 'writing') return;
    this.#state = 'discarded';
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** Whether there is a bundle to replace. */
async function checkTarget(target: string, overwrite: boolean): Promise<boolean> {
  const stats = await stat(target).catch(() => null);
  if (stats === null) return false;
  if (!stats.isDirectory()) {
    throw new InvalidArgumentError(`${target} is a file; expected a folder that does not exist yet. Choose another.`);
  }
  const names = await readdir(target);
  if (names.length === 0) return false;
  if (!names.includes(MANIFEST_FILE)) {
    throw new InvalidArgumentError(
      `${target} holds other files and no bundle; nothing of it is touched. Choose a folder that does not exist yet.`,
      { details: { target } },
    );
  }
  if (overwrite) return true;
  throw new InvalidArgumentError(
    `${target} holds a bundle already. Choose another folder, delete it, or pass overwrite: true.`,
    { details: { target } },
  );
}

async function moveAway(target: string, to: string): Promise<boolean> {
  try {
    await rename(target, to);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
    throw new ModelFileError(`${target} cannot be replaced. Is one of its files open?`, { cause });
  }
}

async function checkSpace(parent: string, bytes: number): Promise<void> {
  // Some file systems do not tell; then the write itself does.
  const space = await statfs(parent).catch(() => null);
  if (space === null) return;
  const free = space.bavail * space.bsize;
  if (free >= bytes) return;
  throw new ModelFileError(
    `The bundle needs about ${megabytes(bytes)} MB, but ${parent} has ${megabytes(free)} MB left. ` +
      'Free some space, choose a smaller dtype, or another folder.',
    { details: { neededBytes: bytes, freeBytes: free, reason: 'disk-full' } },
  );
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
