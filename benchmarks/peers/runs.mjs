// One run of one engine in a process of its own.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Runs a measuring script and gives the JSON lines it prints.
 *
 * @throws Error with the end of what it wrote to stderr when it fails or takes longer than `patience` milliseconds.
 */
export async function measurementsOf(program, args, { env = process.env, patience = 600_000 } = {}) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const errors = [];
  child.stderr.on('data', (chunk) => errors.push(chunk));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  const tooLong = setTimeout(() => child.kill('SIGKILL'), patience);
  const found = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{"kind"')) found.push(JSON.parse(line));
    }
    const status = await ended;
    if (status !== 0) throw new Error(lastLine(Buffer.concat(errors).toString()) ?? `ended with ${status}`);
    return found;
  } finally {
    clearTimeout(tooLong);
    child.kill('SIGKILL');
  }
}

/** Holds the machine with a command that prints a line once it does, and lets go when its input ends. */
export async function hold(command) {
  if (!command) return () => undefined;
  const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const held = new Promise((resolve) => child.stdout.once('data', resolve));
  const refused = ended.then((code) => Promise.reject(new Error(`${command} ended with ${code}`)));
  refused.catch(() => undefined);
  await Promise.race([held, refused]);
  return async () => {
    child.stdin.end();
    await ended;
  };
}

function lastLine(text) {
  return text
    .trim()
    .split('\n')
    .findLast((line) => line.trim() !== '')
    ?.slice(0, 300);
}
