type WithoutUndefined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The same object without the properties that are undefined, so that defaults apply to them. */
export function withoutUndefined<T extends object>(options: T): Partial<WithoutUndefined<T>> {
  const defined = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as Partial<WithoutUndefined<T>>;
}
