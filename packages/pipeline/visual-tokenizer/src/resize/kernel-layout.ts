import type { ImageSize } from './image-region.ts';
import type { ResamplingWeights } from './resampling-weights.ts';

/** Where everything lies in the memory of a kernel, in bytes from its beginning, and how it is cut. */
export type KernelLayout = {
  /** Bytes of an output row, and of the room for one. */
  readonly rowBytes: number;
  readonly stride: number;
  /** Input rows that are resampled together, a multiple of 4. */
  readonly bandRows: number;
  /** Resampled rows that there is room for. */
  readonly windowRows: number;
  readonly first: number;
  readonly count: number;
  readonly weights: number;
  readonly verticalWeights: number;
  readonly source: number;
  readonly window: number;
  readonly result: number;
  /** Bytes in total. */
  readonly bytes: number;
};

/** Bytes of input rows that are resampled together, about: 16 rows of 4,000 pixels, a fifth of a millisecond. */
const BAND_BYTES = 196_608;

/** The compiler keeps the first kilobyte for itself. */
const BEGINNING = 1024;

/** The layout for a region of a picture and the weights of its two passes. */
export function kernelLayout(
  region: ImageSize,
  horizontal: ResamplingWeights,
  vertical: ResamplingWeights,
): KernelLayout {
  const rowBytes = horizontal.first.length * 3;
  const stride = Math.floor(rowBytes / 16 + 1) * 16; // a pixel is written with a fourth byte
  const sourceBytes = region.width * 3;
  const bandRows = 4 * Math.max(1, Math.min(16, Math.floor(BAND_BYTES / sourceBytes / 4)));
  const windowRows = 2 * (vertical.stride + bandRows);
  let bytes = BEGINNING;
  const place = (length: number): number => {
    const start = bytes;
    bytes = Math.ceil((start + length + 16) / 16) * 16; // vectors may be read beyond an end
    return start;
  };
  return {
    rowBytes,
    stride,
    bandRows,
    windowRows,
    first: place(horizontal.first.byteLength),
    count: place(horizontal.count.byteLength),
    weights: place(horizontal.weights.byteLength),
    verticalWeights: place(vertical.weights.byteLength),
    source: place(bandRows * sourceBytes),
    window: place(windowRows * stride),
    result: place(stride),
    bytes,
  };
}
