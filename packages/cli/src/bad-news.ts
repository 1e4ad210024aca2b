/** Thrown by a command that did its work, has written what it found, and found that something does not work. */
export class BadNews extends Error {
  override readonly name = 'BadNews';
}
