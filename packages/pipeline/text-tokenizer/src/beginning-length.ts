/**
 * Length of the longest end of `text` that is a beginning of `pattern`, but not all of it: what a stream has to hold
 * back while `pattern` may still come.
 */
export function beginningLength(text: string, pattern: string): number {
  let length = Math.min(text.length, pattern.length - 1);
  while (!text.endsWith(pattern.slice(0, length))) length--;
  return length;
}
