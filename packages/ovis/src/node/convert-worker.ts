// Runs one conversion in a thread of its own: quantising is hard work and would hold the caller's event loop.
import { parentPort, workerData } from 'node:worker_threads';
import { toErrorRecord } from '@ovis/core';
import { convertCheckpoint } from '@ovis/converter';
import type { ConvertReport, ConvertTask } from './convert-messages.ts';

const port = parentPort;
if (port === null) throw new Error('convert-worker runs as a worker thread.');
const say = (report: ConvertReport): void => port.postMessage(report);
const { checkpoint, bundle, ...options } = workerData as ConvertTask;
const stop = new AbortController();
port.once('message', () => stop.abort(new Error('stopped')));

try {
  await convertCheckpoint(checkpoint, bundle, {
    ...options,
    signal: stop.signal,
    onProgress: (progress) => say({ type: 'progress', progress }),
  });
  say({ type: 'done' });
} catch (error) {
  say({ type: 'failed', error: toErrorRecord(error) });
} finally {
  port.close();
}
