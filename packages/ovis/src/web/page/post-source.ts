import { InvalidArgumentError } from '@ovis/core';
import type { ModelSource } from '../load-options.ts';
import type { PostedSource } from '../protocol.ts';

/**
 * Makes the place of a bundle ready for the worker; addresses are relative to the page.
 *
 * @throws InvalidArgumentError when it is none.
 */
export function postSource(model: ModelSource): PostedSource {
  if (typeof model === 'string' || model instanceof URL) return { kind: 'url', href: absoluteUrl(model, 'model') };
  if (Array.isArray(model)) {
    const files: readonly unknown[] = model;
    if (files.length > 0 && files.every((file) => file instanceof File)) return { kind: 'files', files };
    throw new InvalidArgumentError('The list of files of a model must hold File objects, at least one.');
  }
  if (typeof model === 'object' && model !== null && 'kind' in model && model.kind === 'directory') {
    return { kind: 'folder', folder: model };
  }
  throw new InvalidArgumentError(
    'A model is loaded from the address of its bundle, a FileSystemDirectoryHandle, or a list of File objects; got ' +
      `${Object.prototype.toString.call(model).slice(8, -1)}.`,
  );
}

/** An address as an absolute URL. */
export function absoluteUrl(address: string | URL, what: string): string {
  try {
    // A page has a base of its own; a worker that loads a model has its address.
    return new URL(address, typeof document === 'undefined' ? self.location.href : document.baseURI).href;
  } catch (cause) {
    throw new InvalidArgumentError(`${what} is ${JSON.stringify(address)}, which is no address.`, { cause });
  }
}
