// How late a 5 ms timer of the caller fires while a model loads and answers: p50, p99 and worst, in milliseconds.
// node benchmarks/event-loop.mjs [MODEL] [PICTURE]
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';
import { writePhoto } from './photo.mjs';

const interval = 5; // milliseconds
const cache = fileURLToPath(new URL('.cache/', import.meta.url));
mkdirSync(cache, { recursive: true });
const [model = nanoBundlePath, picture = `${cache}photo.jpg`] = process.argv.slice(2);
await writePhoto(`${cache}photo.jpg`);

const lateness = { idle: [], load: [], generate: [] };
let phase = 'idle'; // how late timers are on this machine with nothing to do
let last = performance.now();
let timer = setTimeout(tick, interval);

await new Promise((resolve) => setTimeout(resolve, 2000));
phase = 'load';
const ovis = await Ovis.load(model);
phase = 'generate';
for (let round = 0; round < 5; round++) {
  const content = [
    { type: 'image', image: picture },
    { type: 'text', text: 'What is in the picture?' },
  ];
  await ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 64 });
}
clearTimeout(timer);
await ovis.dispose();

const report = Object.fromEntries(Object.entries(lateness).map(([name, delays]) => [name, percentiles(delays)]));
console.log(JSON.stringify({ interval, ...report }));

function tick() {
  const now = performance.now();
  lateness[phase].push(Math.max(0, now - last - interval));
  last = now;
  timer = setTimeout(tick, interval);
}

function percentiles(delays) {
  const sorted = delays.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { samples: sorted.length, p50: at(0.5), p99: at(0.99), max: at(1) };
}
