// Packs every public package as it would be published.
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pnpm } from './pnpm.mjs';
import { publicPackages } from './workspace.mjs';

/** Packs the built packages into `folder`; returns each name with its tarball. */
export function packPublicPackages(folder) {
  mkdirSync(folder, { recursive: true });
  const packages = publicPackages().map(({ manifest }) => manifest);
  const filters = packages.map(({ name }) => `--filter=${name}`);
  pnpm(['--recursive', ...filters, 'pack', '--pack-destination', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
  });
  const files = new Set(readdirSync(folder));
  return packages.map(({ name, version }) => {
    const file = `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
    if (!files.has(file)) throw new Error(`pnpm did not pack ${file}.`);
    return { name, version, tarball: join(folder, file) };
  });
}
