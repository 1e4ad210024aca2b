// The Markdown files of the repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { publicPackages } from './workspace.mjs';

/** Files that git knows or would add; without git (a downloaded archive) the README files and docs. */
export function markdownFiles() {
  return listed().filter((file) => existsSync(file) && !file.startsWith('packages/testing/fixtures/'));
}

function listed() {
  try {
    const list = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'];
    const output = execFileSync('git', list, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return [...new Set(output.split('\n').filter((file) => file !== ''))];
  } catch {
    const readmes = ['.', ...publicPackages().map(({ folder }) => folder)].map((folder) => join(folder, 'README.md'));
    const docs = ['docs', 'docs/decisions'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)));
    return [...readmes, ...docs.filter((file) => file.endsWith('.md'))];
  }
}

/** Those of the paths that git ignores: they are on this machine only. Without git, none. */
export function ignoredByGit(paths) {
  const { stdout } = spawnSync('git', ['check-ignore', '--stdin'], { encoding: 'utf8', input: paths.join('\n') });
  return new Set((stdout ?? '').split('\n').filter((path) => path !== ''));
}
