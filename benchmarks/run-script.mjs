// Runs a script of this folder in a process of its own.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** What the script prints in its last line, which is JSON. Arguments that are objects become JSON, too. */
export async function runScript(script, values) {
  const args = values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, script), ...args], {
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1));
}
