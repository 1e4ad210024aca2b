// The JSON of a comparison of engines: every single time is kept; medians are made when it is read.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Opens a results file, new or to be continued; it is written after every change. */
export function openResults(name, { machine, threads, shape }) {
  const date = new Date().toISOString().slice(0, 10);
  const commit = commitNow();
  const file = name || join(here, 'results', `${date}-${commit}${machine.hiddenFlags ? '-avx2' : ''}.json`);
  const fresh = {
    format: 'ovis-benchmark',
    version: 1,
    date,
    commit,
    machine,
    threads,
    shape,
    bandwidth: [],
    engines: {},
  };
  const content = existsSync(file) ? readResults(file) : fresh;
  if (Boolean(content.machine.hiddenFlags) !== Boolean(machine.hiddenFlags)) {
    throw new Error(
      `${file} holds runs ${content.machine.hiddenFlags ? 'with' : 'without'} --avx2-only; name another file.`,
    );
  }
  const engineOf = (engine) => (content.engines[engine] ??= { skipped: [], runs: [] });
  const write = () => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(content, null, 1)}\n`);
  };
  return {
    file,
    read: () => content,
    add(engine, run) {
      engineOf(engine).runs.push(run);
      write();
    },
    skip(engine, reason) {
      engineOf(engine).skipped.push(reason);
      write();
    },
    /** Bytes per second. */
    bandwidth(measured) {
      content.bandwidth.push(measured);
      write();
    },
  };
}

export function readResults(file) {
  const content = JSON.parse(readFileSync(file, 'utf8'));
  if (content.format !== 'ovis-benchmark' || content.version !== 1) {
    throw new Error(`${file} was not written by this version of the benchmark.`);
  }
  return content;
}

function commitNow() {
  try {
    return execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: here, encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
