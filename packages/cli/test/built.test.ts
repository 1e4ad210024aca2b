// The built program as a process of its own; `npm test` builds it first.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

/** Says when its handlers are installed; without that a signal would end it the hard way. */
const announced = `
  const { main, processIo } = await import(process.argv[1]);
  const io = processIo();
  console.error('ready');
  process.exitCode = await main(['run', '--prompt', '-'], io);
`;

const program = fileURLToPath(new URL('../bin/ovis.mjs', import.meta.url));
const library = new URL('../dist/index.js', import.meta.url);
const built = existsSync(fileURLToPath(library));

/** Starts Node; standard input stays open. */
function start(argv: readonly string[]) {
  const child = spawn(process.execPath, argv, { stdio: 'pipe' });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

describe.skipIf(!built)('the built program', () => {
  test('tells its version', async () => {
    const { code, stdout } = await start([program, '--version']).ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('loads no model code to show its help', () => {
    expect(readFileSync(library, 'utf8')).not.toMatch(/from ['"](@?ovis|cli-progress)/);
  });

  test('exits with 2 on wrong use and with 1 on failure', async () => {
    const [use, failure] = await Promise.all([
      start([program, 'run', '--seed', 'x']).ended,
      start([program, 'inspect', 'no/where']).ended,
    ]);
    expect([use.code, failure.code]).toEqual([2, 1]);
    expect(use.stderr).toMatch(/^Wrong use: /);
    expect(failure.stderr).toMatch(/^ModelFileError: /);
  });

  test.skipIf(process.platform === 'win32')('ends with 130 on Ctrl-C', async () => {
    const { child, ended } = start(['--input-type=module', '--eval', announced, library.href]);
    child.stderr.once('data', () => child.kill('SIGINT'));
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: 'ready\nInterrupted.\n' });
  });

  test('ends quietly when its reader goes away', async () => {
    const { child, ended } = start([program, 'run', '--help']);
    child.stdout.destroy();
    const { code, stderr } = await ended;
    expect([0, 141]).toContain(code);
    expect(stderr).toBe('');
  });
});
