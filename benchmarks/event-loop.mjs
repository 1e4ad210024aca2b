// How late a 5 ms timer of the caller fires while a model loads and answers: p50, p99 and worst, in milliseconds.
// node benchmarks/event-loop.mjs [MODEL] [PICTURE]
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';
import { writePhoto } from './photo.mjs';

const interval = 5; // milliseconds
const idleMs = 2000;
const generateMs = 5000;
const cache = fileURLToPath(new URL('.cache/', import.meta.url));
mkdirSync(cache, { recursive: true });
const [model = nanoBundlePath, picture = `${cache}photo.jpg`] = process.argv.slice(2);
await writePhoto(`${cache}photo.jpg`);

/** Processor time of the caller's thread alone, from the kernel (Linux): a delay beyond it is the machine's, not ours. */
const schedule = `/proc/self/task/${process.pid}/schedstat`;
const ownTime = existsSync(schedule) ? () => Number(readFileSync(schedule, 'utf8').split(' ')[0]) / 1e6 : () => 0;

// `idle` is how late timers are on this machine with nothing to do.
const measured = { idle: newPhase(), load: newPhase(), generate: newPhase() };
let phase = 'idle';
let last = performance.now();
let lastOwn = ownTime();
let timer = setTimeout(tick, interval);

await new Promise((resolve) => setTimeout(resolve, idleMs));
phase = 'load';
const ovis = await Ovis.load(model);
phase = 'generate';
const began = performance.now();
while (performance.now() - began < generateMs) {
  const content = [
    { type: 'image', image: picture },
    { type: 'text', text: 'What is in the picture?' },
  ];
  await ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 64 });
}
clearTimeout(timer);
await ovis.dispose();

const report = Object.entries(measured).map(([name, { late, own }]) => [
  name,
  { ...percentiles(late), own: percentiles(own) },
]);
console.log(JSON.stringify({ interval, ...Object.fromEntries(report) }));

function newPhase() {
  return { late: [], own: [] };
}

function tick() {
  const now = performance.now();
  const own = ownTime();
  measured[phase].late.push(Math.max(0, now - last - interval));
  measured[phase].own.push(own - lastOwn);
  last = now;
  lastOwn = own;
  timer = setTimeout(tick, interval);
}

function percentiles(delays) {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { samples: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
