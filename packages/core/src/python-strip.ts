/**
 * `str.strip()` of Python, which the official code applies to messages and answers. Unlike `trim` it takes the
 * separators U+001C to U+001F and U+0085, and leaves U+FEFF. `side` limits it to one end.
 */
export function pythonStrip(text: string, side: 'both' | 'start' | 'end' = 'both'): string {
  let start = 0;
  let end = text.length;
  if (side !== 'end') while (start < end && isPythonSpace(text.charAt(start))) start++;
  if (side !== 'start') while (end > start && isPythonSpace(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

function isPythonSpace(character: string): boolean {
  const code = character.charCodeAt(0);
  return (code >= 0x1c && code <= 0x1f) || code === 0x85 || (code !== 0xfeff && character.trim() === '');
}
