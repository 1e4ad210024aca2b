import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { nanoBundlePath } from '@ovis/nano';
import type { Plugin } from 'vite';

/** Folder of the embedded model, relative to the page. */
const FOLDER = 'models/nano/';

/** Serves the bundle of @ovis/nano as plain files, and copies it into the build. */
export function embeddedModel(): Plugin {
  return {
    name: 'embedded-model',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent(request.url?.split('?', 1)[0] ?? '');
        if (!path.startsWith(`/${FOLDER}`)) {
          next();
          return;
        }
        const file = join(nanoBundlePath, normalize(join('/', path.slice(FOLDER.length + 1))));
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
      for (const name of await readdir(nanoBundlePath)) {
        this.emitFile({
          type: 'asset',
          fileName: FOLDER + name,
          source: await readFile(join(nanoBundlePath, name)),
        });
      }
    },
  };
}
