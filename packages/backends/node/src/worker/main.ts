import { toErrorRecord, type FollowedRun, type NamedTensors } from '@ovis/core';
import { parentPort, workerData } from 'node:worker_threads';
import type { CallName, WorkerCalls, WorkerReply, WorkerRequest } from '../protocol.ts';
import { RunGate } from '../run-gate.ts';
import { WorkerService } from './worker-service.ts';

// The program of the worker thread: ONNX Runtime blocks the thread that calls it, so it gets one of its own.
const service = new WorkerService();
const gate = new RunGate(workerData instanceof SharedArrayBuffer ? workerData : undefined);
/** Calls are done in the order they came, never two at a time. */
let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (message: WorkerRequest) => {
  last = last.then(() => answer(message));
});

async function answer(message: WorkerRequest): Promise<void> {
  const { id } = message;
  const give = (part: readonly FollowedRun[]) => reply({ id, part });
  // The process is about to exit: nobody waits for an answer any more.
  if (!gate.enter()) return;
  try {
    if (message.call === 'follow') {
      const { request } = message;
      const value = await service.follow(request, { someoneWaits: () => gate.someoneWaits, give });
      reply({ id, ok: true, value });
    } else if (message.call === 'run') {
      const value = await service.calls.run(message.request);
      reply({ id, ok: true, value }, buffersOf(value));
    } else {
      reply({ id, ok: true, value: await perform(message.call, message.request) });
    }
  } catch (error) {
    reply({ id, ok: false, error: toErrorRecord(error) });
  } finally {
    gate.leave();
  }
}

async function perform<K extends Exclude<CallName, 'follow'>>(
  call: K,
  request: unknown,
): Promise<WorkerCalls[K]['reply']> {
  // The types of the protocol tie the request to the call, but TypeScript loses the tie in a union.
  return service.calls[call](request as WorkerCalls[K]['request']);
}

function reply(message: WorkerReply, transfer: ArrayBuffer[] = []): void {
  parentPort?.postMessage(message, transfer);
}

function buffersOf(tensors: NamedTensors): ArrayBuffer[] {
  const buffers = Object.values(tensors).map(({ data }) => data.buffer);
  return [...new Set(buffers.filter((buffer) => buffer instanceof ArrayBuffer))];
}
