// Reads 256 MB of memory again and again and tells how many bytes per second the fastest pass read.
import { parentPort } from 'node:worker_threads';
import { readSpeed } from '../benchmark/read-speed.ts';

parentPort?.postMessage(readSpeed());
