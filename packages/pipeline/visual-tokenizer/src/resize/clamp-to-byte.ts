/** The nearest integer of 0..255. */
export function clampToByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
