import { loadSharp } from './load-sharp.ts';

/**
 * Versions of sharp and of the library it stands on.
 *
 * @throws BackendUnavailableError when sharp is not installed or does not load here.
 */
export async function sharpVersions(): Promise<{ readonly sharp: string; readonly vips: string }> {
  const { versions } = await loadSharp();
  return { sharp: versions.sharp ?? 'of unknown version', vips: versions.vips };
}
