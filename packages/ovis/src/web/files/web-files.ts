import type { ModelFiles } from '@ovis/core';

/** The files of a bundle in a browser. Disposing them lets the model be deleted from storage; it frees nothing else. */
export interface WebFiles extends ModelFiles, AsyncDisposable {
  /** Where they are kept: in storage, nowhere beyond this page, or they are the user's own. */
  readonly storage: 'opfs' | 'cache' | 'none' | 'given';
}
