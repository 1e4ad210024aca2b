import { ImageError } from '@ovis/core';

/** The error of a drawing whose pixels the browser does not give to this page. */
export function foreignPicture(cause: unknown): ImageError {
  return new ImageError(
    'The picture comes from another site that does not allow pages to read it. Serve it from this site, or with ' +
      'CORS headers and crossorigin="anonymous" on its element.',
    { cause },
  );
}
