import { ModelFileError } from '@ovis/core';
import { LENGTH_BYTES, parseHeader } from './parse-header.ts';
import type { PositionalFile } from './positional-file.ts';
import type { StoredTensor } from './stored-tensor.ts';

/** The format's own limit. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Lists the tensors of an open safetensors file.
 *
 * @throws ModelFileError when its header is longer than the file or the format allows, or malformed.
 */
export async function readHeader(file: PositionalFile): Promise<readonly StoredTensor[]> {
  if (file.size < LENGTH_BYTES) fail(file, `it has ${file.size} bytes, too few for a header`);
  const start = new Uint8Array(LENGTH_BYTES);
  await file.read(0, start);
  // A Git LFS pointer begins "version https://git-lfs.github.com/spec/v1".
  if (new TextDecoder().decode(start) === 'version ') {
    fail(file, 'it is a Git LFS pointer, not the weights themselves', 'Run `git lfs pull` in the checkpoint.');
  }
  const headerBytes = new DataView(start.buffer).getBigUint64(0, true);
  if (headerBytes > BigInt(MAX_HEADER_BYTES)) {
    fail(file, `its header claims ${headerBytes} bytes; the format allows ${MAX_HEADER_BYTES}`);
  }
  if (headerBytes > BigInt(file.size - LENGTH_BYTES)) {
    fail(file, `its header claims ${headerBytes} bytes, more than the file's ${file.size}`);
  }
  const header = new Uint8Array(Number(headerBytes));
  await file.read(LENGTH_BYTES, header);
  return parseHeader(header, { file: file.name, fileBytes: file.size });
}

function fail(file: PositionalFile, what: string, wayOut = 'Copy or download the file again.'): never {
  throw new ModelFileError(`${file.name}: ${what}. ${wayOut}`, { details: { file: file.name } });
}
