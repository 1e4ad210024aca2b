import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { nanoBundlePath, nanoWebGpuBundlePath } from '@ovis/nano';
import type { Plugin } from 'vite';

/** Where the bundles of the embedded model lie, by their folder relative to the page. */
const folders: Readonly<Record<string, string>> = {
  'models/nano/': nanoBundlePath,
  'models/nano-webgpu/': nanoWebGpuBundlePath,
};

/** Serves the bundles of @ovis/nano as plain files, and copies them into the build. */
export function embeddedModel(): Plugin {
  return {
    name: 'embedded-model',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent(request.url?.split('?', 1)[0] ?? '').slice(1);
        const found = Object.entries(folders).find(([folder]) => path.startsWith(folder));
        if (found === undefined) {
          next();
          return;
        }
        const [folder, place] = found;
        const file = join(place, normalize(join('/', path.slice(folder.length))));
        stat(file).then(
          ({ size }) => {
            response.writeHead(200, { 'Content-Type': 'application/octet-stream', 'Content-Length': size });
            createReadStream(file).pipe(response);
          },
          () => response.writeHead(404).end(),
        );
      });
    },
    async generateBundle() {
      for (const [folder, place] of Object.entries(folders)) {
        for (const name of await readdir(place)) {
          this.emitFile({ type: 'asset', fileName: folder + name, source: await readFile(join(place, name)) });
        }
      }
    },
  };
}
