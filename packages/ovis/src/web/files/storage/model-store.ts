/** Where models are kept: a flat set of named texts and files. Names are letters, digits, `.` and `-`. */
export interface ModelStore {
  readonly kind: 'opfs' | 'cache' | 'memory';
  /** Names of everything in it. */
  names(): Promise<readonly string[]>;
  /** A text as it was written last, or null. */
  readText(name: string): Promise<string | null>;
  /** Replaces a text: afterwards it is there whole, or the old one still is. */
  writeText(name: string, text: string): Promise<void>;
  /** The bytes of a file so far, without reading them; null where there is none. */
  blob(name: string): Promise<Blob | null>;
  /** Opens a file, new or begun, to go on writing at its end. One writer at a time. */
  append(name: string): Promise<FileWriter>;
  /** Removes a text or file; nothing happens when there is none. */
  remove(name: string): Promise<void>;
}

/** Writes a file from its end on. What was written stays when the page is closed or the machine loses power. */
export interface FileWriter {
  /** Bytes that are there. */
  readonly length: number;
  /** Adds bytes; the array may be used again afterwards. */
  write(bytes: Uint8Array): Promise<void>;
  /** Removes all bytes. */
  clear(): Promise<void>;
  /** Keeps what was written. Nothing is written afterwards. */
  close(): Promise<void>;
}
