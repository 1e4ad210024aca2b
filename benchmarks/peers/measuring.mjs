// What the measuring scripts share: the request, the clock, and one JSON line per measurement.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** `{model, threads, prefill: [n], decode: [n], tokens, ...}` as `peers.mjs` writes it. */
export function engineRequest() {
  return JSON.parse(process.argv[2]);
}

export function say(kind, values) {
  console.log(JSON.stringify({ kind, ...values }));
}

/** Milliseconds. */
export async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

export async function load(work) {
  say('load', { ms: await timed(work) });
}

/** Token ids that no engine treats specially. */
export function prompt(length) {
  let state = length;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return 1000 + Math.floor((state / 2 ** 32) * 99_000);
  });
}

export function contextsOf({ prefill, decode }) {
  return [...new Set([...prefill, ...decode])].toSorted((a, b) => a - b);
}

/** `read` starts anew and reads a prompt whole; `step` reads the token picked last and picks the next. */
export async function measureLanguage(asked, { read, step }) {
  await read(prompt(32));
  for (const context of contextsOf(asked)) {
    const tokens = prompt(context);
    const ms = await timed(() => read(tokens));
    if (asked.prefill.includes(context)) say('prefill', { context, ms });
    if (!asked.decode.includes(context)) continue;
    await step();
    const steps = [];
    for (let index = 0; index < asked.tokens; index++) steps.push(await timed(step));
    say('decode', { context, ms: steps });
  }
}

/** Highest resident size, and processor time in all. */
export function finish() {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  say('memory', { peakBytes: maxRSS * 1024, processorSeconds: (userCPUTime + systemCPUTime) / 1e6 });
}

/** Imports a package that is installed in another folder; of CommonJS what it exports. */
export async function loadFrom(folder, name) {
  const entry = createRequire(join(folder, 'package.json')).resolve(name);
  const loaded = await import(pathToFileURL(entry));
  return loaded.default ?? loaded;
}
