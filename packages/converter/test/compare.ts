/** Largest absolute difference of two equally long lists; infinite where one has a NaN or another length. */
export function largestDifference(ours: ArrayLike<number>, golden: ArrayLike<unknown>): number {
  if (ours.length !== golden.length) return Infinity;
  let largest = 0;
  for (let index = 0; index < ours.length; index++) {
    const difference = Math.abs((ours[index] ?? Number.NaN) - Number(golden[index]));
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}

/** Root mean square of the difference, relative to that of the golden numbers. */
export function relativeError(ours: ArrayLike<number>, golden: ArrayLike<unknown>): number {
  let [wrong, whole] = [0, 0];
  for (let index = 0; index < golden.length; index++) {
    const right = Number(golden[index]);
    wrong += ((ours[index] ?? Number.NaN) - right) ** 2;
    whole += right ** 2;
  }
  return Math.sqrt(wrong / whole);
}
