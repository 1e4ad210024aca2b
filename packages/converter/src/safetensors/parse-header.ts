import { ModelFileError } from '@ovis/core';
import { duplicateKey } from './duplicate-key.ts';
import { elementBytes, isElementType } from './element-type.ts';
import type { StoredTensor } from './stored-tensor.ts';

/** Bytes before the header: its length as a 64-bit integer. */
export const LENGTH_BYTES = 8;
/** Bounds of what is believed; the largest Ovis checkpoint has some 80,000 tensors of at most 5 axes. */
const MAX_TENSORS = 1_000_000;
const MAX_AXES = 8;

const again = 'The file is damaged or was not written as safetensors: copy or download it again.';

/** Where a header was found. */
export type HeaderPlace = {
  /** Name of the file, relative to the checkpoint. */
  readonly file: string;
  /** Bytes in the whole file. */
  readonly fileBytes: number;
};

/**
 * Reads the JSON header of a safetensors file, believing nothing: every tensor's bytes must be what its type
 * and shape need, and all of them together must cover the rest of the file without a gap or overlap.
 *
 * @param header - The bytes after the length, without it.
 * @throws ModelFileError naming the file, the tensor, what was expected and what came.
 */
export function parseHeader(header: Uint8Array, place: HeaderPlace): readonly StoredTensor[] {
  const text = decodeText(header, place);
  const entries = Object.entries(parseObject(text, place)).filter(([name]) => name !== '__metadata__');
  if (entries.length > MAX_TENSORS) {
    fail(place, `its header lists ${entries.length} tensors; at most ${MAX_TENSORS} are read`);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) fail(place, `its header lists tensor ${JSON.stringify(twice)} more than once`);
  const dataStart = LENGTH_BYTES + header.byteLength;
  const tensors = entries.map(([name, entry]) => parseTensor(name, entry, place, dataStart));
  checkCoverage(tensors, place, dataStart);
  return tensors;
}

function decodeText(header: Uint8Array, place: HeaderPlace): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(header);
  } catch (cause) {
    return fail(place, 'its header is not UTF-8', cause);
  }
}

function parseObject(text: string, place: HeaderPlace): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    return fail(place, 'its header is not JSON', cause);
  }
  return isRecord(value) ? value : fail(place, 'its header is JSON, but no object');
}

function parseTensor(name: string, entry: unknown, place: HeaderPlace, dataStart: number): StoredTensor {
  const tensor = `tensor ${JSON.stringify(name)}`;
  if (!isRecord(entry)) return fail(place, `${tensor} is described by ${show(entry)}, no object`);
  const { dtype: type, shape, data_offsets: offsets } = entry;
  if (!isElementType(type)) return fail(place, `${tensor} has dtype ${show(type)}, which is unknown`);
  if (!isCounts(shape) || shape.length > MAX_AXES) {
    return fail(place, `${tensor} has shape ${show(shape)}; expected up to ${MAX_AXES} whole numbers from 0 on`);
  }
  if (!isCounts(offsets)) return fail(place, `${tensor} has data_offsets ${show(offsets)}; expected [begin, end]`);
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined || begin > end) {
    return fail(place, `${tensor} has data_offsets ${show(offsets)}; expected [begin, end] with begin <= end`);
  }
  if (dataStart + end > place.fileBytes) {
    return fail(
      place,
      `${tensor} ends at byte ${dataStart + end}, but the file has only ${place.fileBytes} bytes: it is truncated, or lies`,
    );
  }
  const elements = shape.reduce((product, size) => product * size, 1);
  const bytes = elements * elementBytes(type);
  if (bytes !== end - begin) {
    return fail(place, `${tensor} of ${type} ${show(shape)} needs ${bytes} bytes, but its offsets hold ${end - begin}`);
  }
  return { name, type, shape, elements, file: place.file, offset: dataStart + begin, bytes };
}

/** The format allows neither gaps nor overlaps: two tensors over the same bytes would be one weight read as two. */
function checkCoverage(tensors: readonly StoredTensor[], place: HeaderPlace, dataStart: number): void {
  let position = dataStart;
  for (const { name, offset, bytes } of tensors.toSorted((a, b) => a.offset - b.offset || a.bytes - b.bytes)) {
    if (offset !== position) {
      const what = offset < position ? 'overlaps the tensor before it' : `leaves a gap of ${offset - position} bytes`;
      fail(place, `tensor ${JSON.stringify(name)} begins at byte ${offset}, not ${position}: it ${what}`);
    }
    position = offset + bytes;
  }
  if (position !== place.fileBytes) {
    fail(place, `its tensors end at byte ${position}, but the file has ${place.fileBytes} bytes`);
  }
}

/** Whole numbers that are exact, so that no product or sum of offsets is rounded unnoticed. */
function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && Number(item) >= 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

function fail({ file }: HeaderPlace, what: string, cause?: unknown): never {
  throw new ModelFileError(`${file}: ${what}. ${again}`, { cause, details: { file } });
}
