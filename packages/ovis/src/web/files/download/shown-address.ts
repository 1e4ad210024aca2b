/** An address as messages show it: without its query, which may hold a token. */
export function shownAddress(url: string): string {
  return url.split('?', 1)[0] ?? url;
}
