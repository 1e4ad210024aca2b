import type { PixelNormalisation } from '@ovis/core';

/**
 * Normalised value of every byte in every channel, `[3, 256]`. Rounds as the official processors do: the product
 * with `rescale` in float64, stored as float32; then the difference and the quotient in float32.
 */
export function normalisationTable({ rescale, mean, std }: PixelNormalisation): Float32Array {
  const table = new Float32Array(3 * 256);
  for (const [channel, channelMean] of mean.entries()) {
    const divisor = Math.fround(std[channel] ?? Number.NaN);
    for (let byte = 0; byte < 256; byte++) {
      const difference = Math.fround(Math.fround(byte * rescale) - Math.fround(channelMean));
      table[channel * 256 + byte] = difference / divisor;
    }
  }
  return table;
}
