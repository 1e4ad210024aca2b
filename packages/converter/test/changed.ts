/** A JSON value whose key at `path` (`llm_config.hidden_size`) has another value; undefined removes it. */
export function changed(json: unknown, path: string, value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.');
  const object: Record<string, unknown> = typeof json === 'object' && json !== null ? { ...json } : {};
  if (rest.length > 0) object[key] = changed(object[key], rest.join('.'), value);
  else if (value === undefined) delete object[key];
  else object[key] = value;
  return object;
}
