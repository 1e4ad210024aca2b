import { afterEach, expect, test, vi } from 'vitest';
import { memoryIo } from '../../test/command-line.ts';
import { createProgressDisplay } from './progress-display.ts';

afterEach(() => {
  vi.useRealTimers();
});

const at = (done: number) => ({ phase: 'convert', item: 'decoder', done, total: 4_000_000 });

test('draws a bar on a terminal and takes it away', async () => {
  const { io, written } = memoryIo({ terminal: true });
  const { report, clear } = await createProgressDisplay(io, false);
  report(at(0));
  report(at(1_000_000));
  clear();
  clear();
  const { stdout, stderr } = written();
  expect(stdout).toBe('');
  expect(stderr).toContain('Converting [======------------------] 25 % 1.0 MB of 4.0 MB');
  // The whole line is erased.
  expect(stderr.endsWith('\u001b[2K')).toBe(true);
});

test('writes a plain line now and then elsewhere', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const { io, written } = memoryIo();
  const { report } = await createProgressDisplay(io, false);
  report(at(0));
  expect(written().stderr).toBe('');
  vi.advanceTimersByTime(2500);
  report(at(1_000_000));
  report(at(2_000_000));
  vi.advanceTimersByTime(2500);
  report(at(3_000_000));
  expect(written().stderr).toBe('Converting: 25 % (1.0 MB of 4.0 MB)\nConverting: 75 % (3.0 MB of 4.0 MB)\n');
});

test('says nothing when asked to be quiet', async () => {
  const { io, written } = memoryIo({ terminal: true });
  const { report, clear } = await createProgressDisplay(io, true);
  report(at(1));
  clear();
  expect(written()).toEqual({ stdout: '', stderr: '' });
});
