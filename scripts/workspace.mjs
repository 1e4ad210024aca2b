// What the scripts share: the root, its tools on PATH, the install, and running a tool.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pnpm } from './pnpm.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shell = process.platform === 'win32';

/** Goes to the root and puts its tools on PATH (turbo looks for `pnpm` there). */
export function enterWorkspace() {
  process.chdir(root);
  process.env.PATH = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH;
  Object.assign(process.env, {
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    DO_NOT_TRACK: '1',
    ORT_DISABLE_TELEMETRY: '1',
  });
}

/** Installs when nothing is installed yet, or when the lockfile or a manifest changed since. */
export function install() {
  const stamp = join('node_modules', '.ovis-install');
  const hash = createHash('sha256');
  const manifests = workspaceFolders().map((folder) => join(folder, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests]) {
    hash.update(readFileSync(file));
  }
  const wanted = hash.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing (once, about 20 seconds) ...');
  // CI: pnpm never asks a question.
  pnpm(['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], {
    env: { ...process.env, CI: 'true' },
    stdio: ['ignore', 2, 2], // standard output belongs to the command
  });
  writeFileSync(stamp, wanted);
}

/** Folders of all workspace members, as in pnpm-workspace.yaml. */
export function workspaceFolders() {
  return ['packages', 'packages/pipeline', 'packages/backends']
    .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
    .concat('benchmarks', join('examples', 'demo'), join('examples', 'playground'))
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

/** Folder and manifest of every package that is published. */
export function publicPackages() {
  return workspaceFolders()
    .filter((folder) => folder.startsWith('packages'))
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) }))
    .filter(({ manifest }) => manifest.private !== true);
}

/** Runs a tool with the terminal as its own; throws when it fails. */
export function run(tool, args) {
  const { error, status, signal } = spawnSync(tool, args, { stdio: 'inherit', shell });
  if (error) throw error;
  if (status !== 0) throw new Error(`${tool} ended with ${status ?? signal}.`);
}

/** Runs a tool and resolves to what it prints; rejects with that when the tool fails. */
export function runQuietly(tool, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { stdio: ['ignore', 'pipe', 'pipe'], shell, ...options });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const output = Buffer.concat(chunks).toString().trimEnd();
      if (status === 0) resolve(output);
      else reject(new Error(`${output}\n${tool} ${args.join(' ')} ended with ${status ?? signal}.`));
    });
  });
}

/** Runs `work` on each item, at most `width` at a time; rejects with all failures after everything has ended. */
export async function inParallel(width, items, work) {
  const queue = [...items];
  const failures = [];
  const lanes = Array.from({ length: width }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        failures.push(error.message);
      }
    }
  });
  await Promise.all(lanes);
  if (failures.length > 0) throw new Error(failures.join('\n'));
}
