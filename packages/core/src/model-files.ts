import type { GraphSource } from './backend.ts';
import type { FileDescription } from './bundle-manifest.ts';

/** A file that is read in pieces. */
export interface RandomAccessFile extends AsyncDisposable {
  /** Bytes in the file. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** What is known of files from an earlier time when they were compared with their hashes. */
export interface CheckRecord {
  /** Whether they matched, and have not been touched since. */
  readonly isCurrent: boolean;
  /** Remembers that they match now; does nothing where they changed since this record was opened. */
  keep(): Promise<void>;
}

/** The files of a bundle, wherever they lie: a folder, a set of URLs, a list of Files. */
export interface ModelFiles {
  /** Where the bundle lies, for messages. */
  readonly location: string;
  /** A small file, whole. */
  readBytes(path: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Lower-case hexadecimal SHA-256 of a file; `onBytes` is told the length of each piece as it is read. */
  sha256(
    path: string,
    options: { readonly signal?: AbortSignal; readonly onBytes?: (bytes: number) => void },
  ): Promise<string>;
  /** A file to read in pieces. */
  open(path: string): Promise<RandomAccessFile>;
  /** A graph with its external data, as the backend wants it. */
  graph(path: string, externalData: readonly string[]): Promise<GraphSource>;
  /** What is known of these files; missing where nothing is remembered. */
  checkRecord?(files: readonly FileDescription[]): Promise<CheckRecord>;
}
