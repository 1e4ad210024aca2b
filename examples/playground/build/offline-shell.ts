import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

/** Files that a build takes over as they are. */
const copiedFolder = fileURLToPath(new URL('../public', import.meta.url));
const source = fileURLToPath(new URL('../service-worker/service-worker.js', import.meta.url));

/** Larger files are stored when they are first used: of the three builds of ONNX Runtime a browser needs one. */
const LARGEST_IN_SHELL = 1_000_000;

/** Writes `service-worker.js`, which knows the files of this build and keeps them for visits without a network. */
export function offlineShell(): Plugin {
  return {
    name: 'offline-shell',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const built = Object.values(bundle).map((file) => ({
        name: file.fileName,
        content: file.type === 'chunk' ? file.code : file.source,
      }));
      const copied = (await readdir(copiedFolder)).map(async (name) => ({
        name,
        content: await readFile(join(copiedFolder, name)),
      }));
      const shell = [...built, ...(await Promise.all(copied))]
        .filter(({ name, content }) => content.length <= LARGEST_IN_SHELL && !/^models\/|\.map$/u.test(name))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const hash = createHash('sha256');
      for (const { name, content } of shell) hash.update(name).update(content);
      const files = shell.map(({ name }) => (name === 'index.html' ? './' : name));
      const code = [
        `const VERSION = ${JSON.stringify(hash.digest('hex').slice(0, 16))};`,
        `const FILES = ${JSON.stringify(files)};`,
        await readFile(source, 'utf8'),
      ].join('\n');
      this.emitFile({ type: 'asset', fileName: 'service-worker.js', source: code });
    },
  };
}
