import type { GraphSource } from './backend.ts';

/** A file that is read in pieces. */
export interface RandomAccessFile extends AsyncDisposable {
  /** Bytes in the file. */
  readonly size: number;
  /** Exactly `length` bytes from `offset` on. */
  read(offset: number, length: number): Promise<Uint8Array>;
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
}
