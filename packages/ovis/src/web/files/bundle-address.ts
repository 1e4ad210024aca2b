import { InvalidArgumentError, MANIFEST_FILE } from '@ovis/core';

/** The folder of a bundle on a server. */
export type BundleAddress = {
  /** Its address with a `/` at the end, without query. */
  readonly folder: URL;
  /** The same for messages, without the `/`. */
  readonly location: string;
  /** Address of a file in it; a query of the given address goes with every file. */
  readonly fileUrl: (path: string) => URL;
};

/**
 * Where the files of a bundle are, from the address of its folder or of its `ovis.json`.
 *
 * @throws InvalidArgumentError when it is no address that files can be fetched from.
 */
export function bundleAddress(address: URL): BundleAddress {
  const { protocol, username, password, search } = address;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new InvalidArgumentError(
      `A model is loaded from an http: or https: address, not from ${protocol} Pass the address of the folder with its ovis.json.`,
    );
  }
  if (username !== '' || password !== '') {
    throw new InvalidArgumentError(
      'The address of a model holds a name or password, which browsers do not send. Leave it out.',
    );
  }
  const folder = new URL(address.href);
  folder.hash = '';
  folder.search = '';
  if (folder.pathname.endsWith(`/${MANIFEST_FILE}`)) folder.pathname = folder.pathname.slice(0, -MANIFEST_FILE.length);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return {
    folder,
    location: folder.href.replace(/\/$/u, ''),
    fileUrl: (path) => {
      // Every part on its own: a name may hold characters that mean something in an address.
      const url = new URL(path.split('/').map(encodeURIComponent).join('/'), folder);
      url.search = search;
      return url;
    },
  };
}
