// `npm run playground`: opens the playground in a browser, from the development server of Vite.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { enterWorkspace, root } from './workspace.mjs';

enterWorkspace();
const { error, status } = spawnSync('vite', ['--open', ...process.argv.slice(2)], {
  cwd: join(root, 'examples', 'playground'),
  stdio: 'inherit',
  shell: process.platform === 'win32',
});
if (error) throw error;
process.exitCode = status ?? 1;
