import type { ErrorRecord, Progress } from '@ovis/core';
import type { Verification } from '../../../bundle/verify-files.ts';
import type { StorageChoice } from '../storage/open-store.ts';

/** What goes wrong on the network of a test. */
export type Fault = {
  /** End of the addresses that it concerns. */
  readonly path: string;
  /** The answer breaks off after so many bytes, each time so often. */
  readonly dropAfter?: number;
  readonly times?: number;
  /** The answer stops there and never goes on. */
  readonly hangAfter?: number;
};

/** What a test asks of its worker. */
export type FilesRequest = {
  readonly url: string;
  readonly storage: StorageChoice;
  readonly verify?: Verification;
  readonly fault?: Fault;
  readonly offline?: boolean;
};

/** What the worker tells; `opened` and `failed` are its last words. */
export type FilesReport =
  | { readonly type: 'progress'; readonly progress: Progress }
  | {
      readonly type: 'opened';
      readonly storage: string;
      /** Last parts of the addresses that were fetched, with the first byte asked for. */
      readonly fetched: readonly string[];
      /** SHA-256 of every file as it is read back, by path. */
      readonly hashes: Readonly<Record<string, string>>;
    }
  | { readonly type: 'failed'; readonly error: ErrorRecord; readonly fetched: readonly string[] };
