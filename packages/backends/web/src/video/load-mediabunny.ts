import { BackendUnavailableError } from '@ovis/core';
import type * as mediabunny from 'mediabunny';

/** What mediabunny exports. */
export type Mediabunny = typeof mediabunny;

/** @throws BackendUnavailableError when mediabunny is not installed, or the browser cannot decode videos. */
export async function loadMediabunny(): Promise<Mediabunny> {
  if (typeof VideoDecoder === 'undefined') {
    throw new BackendUnavailableError(
      'This browser does not decode videos for pages (WebCodecs; pages need https: or localhost). Show the video in a ' +
        '<video> element, go to each moment and pass the element as a picture.',
    );
  }
  try {
    return await import('mediabunny');
  } catch (cause) {
    throw new BackendUnavailableError('mediabunny, which reads videos, is not installed. Run: npm install mediabunny', {
      cause,
    });
  }
}
