import { BackendUnavailableError, DisposedError, RuntimeFailureError } from '@ovis/core';
import { describe, expect, test } from 'vitest';
import { Worker } from 'node:worker_threads';
import { WorkerClient } from './worker-client.ts';

/** A client of a worker that answers every message with this code; `message` and `port` are in reach. */
function clientOf(code: string): WorkerClient {
  const program = `const { parentPort: port } = require('node:worker_threads'); port.on('message', (message) => { ${code} });`;
  return new WorkerClient(new Worker(program, { eval: true }));
}

const reserve = { session: 1, state: 1, positions: 1, used: 0 };

describe('WorkerClient', () => {
  test('gives each answer to its call, whatever their order', async () => {
    const client = clientOf(
      'setTimeout(() => port.postMessage({ id: message.id, ok: true, value: message.request?.positions }), 30 / message.id)',
    );
    const calls = [5, 6, 7].map((positions) => client.call('reserve', { ...reserve, positions }));
    expect(await Promise.all(calls)).toEqual([5, 6, 7]);
    await client.close();
  });

  test('throws errors of the worker as what they are', async () => {
    const record = `{ name: 'DisposedError', code: 'disposed', message: 'gone' }`;
    const client = clientOf(`port.postMessage({ id: message.id, ok: message.call === 'close', error: ${record} })`);
    await expect(client.call('reserve', reserve)).rejects.toThrow(new DisposedError('gone'));
    await client.close();
  });

  test('fails everything that waits when the worker crashes, and everything after', async () => {
    const client = clientOf(`if (message.call === 'close') throw new Error('boom')`);
    const waiting = client.call('reserve', reserve);
    await expect(client.call('close', null)).rejects.toThrow(RuntimeFailureError);
    await expect(waiting).rejects.toThrow(/boom/u);
    await expect(client.call('reserve', reserve)).rejects.toThrow(RuntimeFailureError);
    await client.close();
  });

  test('fails everything that waits when the worker ends', async () => {
    const client = clientOf('process.exit(3)');
    await expect(client.call('reserve', reserve)).rejects.toThrow(/ended with code 3/u);
  });

  test('tells a worker file that is not there from a crash', async () => {
    const client = new WorkerClient(new Worker(new URL('./no-such-worker.js', import.meta.url)));
    await expect(client.call('reserve', reserve)).rejects.toThrow(BackendUnavailableError);
  });

  test('closes once, after what runs, and refuses calls from then on', async () => {
    const client = clientOf('setTimeout(() => port.postMessage({ id: message.id, ok: true, value: 1 }), 10)');
    const running = client.call('reserve', reserve);
    await Promise.all([client.close(), client.close()]);
    expect(await running).toBe(1);
    await expect(client.call('reserve', reserve)).rejects.toThrow(DisposedError);
  });
});
