/**
 * The first key that the outermost object of a JSON text holds twice, or undefined. `JSON.parse` keeps the
 * last of such keys and says nothing. The text must be valid JSON.
 */
export function duplicateKey(json: string): string | undefined {
  const seen = new Set<string>();
  let depth = 0;
  for (let position = 0; position < json.length; position++) {
    const character = json[position];
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === '"') {
      const end = endOfString(json, position);
      if (depth === 1 && followedByColon(json, end)) {
        const key: unknown = JSON.parse(json.slice(position, end));
        if (typeof key === 'string') {
          if (seen.has(key)) return key;
          seen.add(key);
        }
      }
      position = end - 1;
    }
  }
  return undefined;
}

/** Position after the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let position = start + 1;
  while (position < json.length && json[position] !== '"') position += json[position] === '\\' ? 2 : 1;
  return position + 1;
}

function followedByColon(json: string, position: number): boolean {
  let next = position;
  while (next < json.length && ' \t\n\r'.includes(json.charAt(next))) next++;
  return json[next] === ':';
}
