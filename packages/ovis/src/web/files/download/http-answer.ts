import { DownloadError, ModelFileError, type FileDescription } from '@ovis/core';
import { shownAddress } from './shown-address.ts';

/** A failure that may be over at the next try. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  /** Milliseconds that the server asks to wait; null where it does not. */
  readonly retryAfter: number | null;

  constructor(message: string, retryAfter: number | null = null) {
    super(message);
    this.retryAfter = retryAfter;
  }
}

/** States that a server gets over. */
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const hints: Readonly<Record<number, string>> = {
  401: 'The server wants a login: use an address that needs none, or host the bundle yourself.',
  403: 'The server forbids it: check the permissions of the bundle.',
  404: 'There is no such file: check the address of the bundle, and that all its files were uploaded.',
  410: 'The file was removed from the server.',
};

/**
 * Checks that an answer is the file, or a part of it.
 *
 * @param asked - First byte that was asked for, and the origin of the page.
 * @throws Interrupted when another try may help; DownloadError or ModelFileError when none will.
 */
export function checkAnswer(
  response: Response,
  { path, bytes }: FileDescription,
  asked: { readonly offset: number; readonly origin: string | null },
): void {
  const { status, headers } = response;
  if (passing.has(status)) throw new Interrupted(`the server answered ${status}`, retryAfterOf(headers));
  if (status !== 200 && status !== 206) {
    throw new DownloadError(
      `${shownAddress(response.url)} was not downloaded: the server answered ${status}. ${hints[status] ?? 'Check the address of the bundle.'}`,
      { details: { file: path, status } },
    );
  }
  if (/^\s*(text\/html|application\/xhtml)/iu.test(headers.get('content-type') ?? '')) {
    throw new DownloadError(
      `${shownAddress(response.url)} is a web page, not ${path}: perhaps a login or an error page. Check the address of the bundle.`,
      { details: { file: path, status } },
    );
  }
  if (status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(headers.get('content-range') ?? '');
    if (range === null) return; // Other origins need not show it; the hash decides.
    if (Number(range[1]) !== asked.offset) throw new Interrupted('the server sent another part than was asked for');
    if (range[2] !== '*') checkLength(response, path, Number(range[2]), bytes);
    return;
  }
  // A packed answer has another length, and one from another origin may hide that it is packed.
  const length = headers.get('content-length');
  if (length === null || headers.has('content-encoding') || originOf(response) !== asked.origin) return;
  checkLength(response, path, Number(length), bytes);
}

function checkLength(response: Response, path: string, found: number, expected: number): void {
  if (found === expected) return;
  throw new ModelFileError(
    `${shownAddress(response.url)} has ${found} bytes; the manifest says ${expected}. The files on the server do not belong ` +
      'together: upload the whole bundle again.',
    { details: { file: path, found, expected } },
  );
}

function originOf({ url }: Response): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}

/** `Retry-After` in seconds or as a date, at most a minute. */
function retryAfterOf(headers: Headers): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  const milliseconds = /^\d+$/u.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(milliseconds) ? Math.min(60_000, Math.max(0, milliseconds)) : null;
}
