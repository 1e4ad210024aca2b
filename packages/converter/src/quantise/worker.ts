// Puts batches of rows into blocks, in a thread of its own: the scale search is what a conversion to int4 takes.
import { parentPort } from 'node:worker_threads';
import { firstBadRow, quantiseRows } from '../weights/quantise-rows.ts';
import { transferOf, type QuantiseReply, type QuantiseRequest } from './protocol.ts';

const port = parentPort;
if (port === null) throw new Error('The quantiser runs as a worker thread.');

port.on('message', ({ values, arrays, rows, columns, format }: QuantiseRequest) => {
  quantiseRows(values, rows, columns, format, arrays);
  const badRow = firstBadRow(arrays.scales, format, rows, columns);
  const reply: QuantiseReply = { type: 'done', values, arrays, badRow };
  port.postMessage(reply, transferOf(reply));
});
port.postMessage({ type: 'ready' } satisfies QuantiseReply);
