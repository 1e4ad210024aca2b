import type { OnProgress, Progress } from 'ovis/node';
import type { CliIo } from '../io/cli-io.ts';
import { formatBytes } from './format-numbers.ts';
import { visibleControls } from './visible-controls.ts';

/** Shows how far a long operation is. */
export type ProgressDisplay = {
  readonly report: OnProgress;
  /** Takes the display away; must be called before other output, and may be called again. */
  readonly clear: () => void;
};

const phases: Readonly<Record<string, string>> = {
  convert: 'Converting',
  verify: 'Checking files',
  load: 'Loading',
  read: 'Reading',
  see: 'Looking',
  compare: 'Comparing',
  ask: 'Asking',
  measure: 'Measuring',
  examine: 'Looking around',
};

/** Phases whose units are bytes. */
const inBytes = new Set(['convert', 'verify']);

/** Least time between two plain lines, in milliseconds. */
const LINE_INTERVAL = 2000;

/** A bar on a terminal, else a line now and then for conversions; nothing where `quiet`. */
export async function createProgressDisplay(io: CliIo, quiet: boolean): Promise<ProgressDisplay> {
  if (quiet) return { report: () => undefined, clear: () => undefined };
  return io.stderr.isTTY === true ? createBar(io) : createLines(io);
}

async function createBar({ stderr }: CliIo): Promise<ProgressDisplay> {
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    stream: stderr,
    format: '{title} [{bar}] {percentage} % {detail}',
    barsize: 24,
    clearOnComplete: true,
    linewrap: true,
  });
  let shown: string | null = null;
  const clear = (): void => {
    if (shown !== null) bar.stop();
    shown = null;
  };
  const report: OnProgress = (progress) => {
    const { phase, done, total } = progress;
    const payload = { title: titleOf(phase), detail: detailOf(progress) };
    if (phase === shown) {
      bar.update(done, payload);
      return;
    }
    clear();
    bar.start(total, done, payload);
    shown = phase;
  };
  return { report, clear };
}

function createLines({ stderr }: CliIo): ProgressDisplay {
  // What is done within the first interval needs no line.
  let lastLine = performance.now();
  let lastPercent = -1;
  const report: OnProgress = (progress) => {
    if (progress.phase !== 'convert') return;
    const percent = progress.total === 0 ? 100 : Math.floor((100 * progress.done) / progress.total);
    const now = performance.now();
    if (percent === lastPercent || now - lastLine < LINE_INTERVAL) return;
    lastLine = now;
    lastPercent = percent;
    stderr.write(`${titleOf(progress.phase)}: ${percent} % (${detailOf(progress)})\n`);
  };
  return { report, clear: () => undefined };
}

function titleOf(phase: string): string {
  return phases[phase] ?? visibleControls(phase);
}

function detailOf({ phase, item, done, total }: Progress): string {
  return inBytes.has(phase) ? `${formatBytes(done)} of ${formatBytes(total)}` : visibleControls(item);
}
