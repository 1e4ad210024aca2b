import { startWorker } from '#start-worker';
import { RunGate } from './run-gate.ts';
import type { Findings, StartRequest } from './protocol.ts';
import { WorkerClient } from './worker-client.ts';

/** Milliseconds that `process.exit` waits for the run at hand; then the process aborts. */
const LONGEST_EXIT_DELAY = 30_000;

/** Starts a worker with the runtime in it. The caller closes the client. */
export async function startClient(
  request: StartRequest,
): Promise<{ readonly client: WorkerClient; readonly findings: Findings }> {
  const gate = new RunGate();
  const worker = await startWorker(gate);
  const shut = () => gate.shut(LONGEST_EXIT_DELAY);
  process.once('exit', shut);
  worker.once('exit', () => process.off('exit', shut));
  const client = new WorkerClient(worker, () => gate.announce());
  try {
    return { client, findings: await client.call('start', request) };
  } catch (error) {
    await client.close();
    throw error;
  }
}
