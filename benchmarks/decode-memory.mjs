// Memory while thousands of tokens are generated, in answers of all lengths: whether anything is left behind.
// node --expose-gc benchmarks/decode-memory.mjs [MODEL] [--steps 10000]
import { parseArgs } from 'node:util';
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';

const { values, positionals } = parseArgs({
  options: { steps: { type: 'string', default: '10000' } },
  allowPositionals: true,
});
const [model = nanoBundlePath] = positionals;
const steps = Number(values.steps);

const ovis = await Ovis.load(model);
const samples = [];
let done = 0;
for (let seed = 0; done < steps; seed++) {
  const messages = [{ role: 'user', content: `Say something about number ${seed}.` }];
  // Hot sampling, so that answers differ in length and the state grows now and then.
  const { usage } = await ovis.generate({ messages, maxNewTokens: 600, temperature: 3, topK: 0, topP: 1, seed });
  done += usage.outputTokens;
  if (done < ((samples.length + 1) * steps) / 10) continue;
  globalThis.gc?.();
  samples.push({ steps: done, megabytes: process.memoryUsage.rss() / 1e6 });
  console.log(`${String(done).padStart(7)} steps, ${seed + 1} answers: ${samples.at(-1).megabytes.toFixed(1)} MB`);
}
await ovis.dispose();

// The first half warms up: buffers of the runtime, compiled code.
const late = samples.slice(samples.length / 2);
const [first, last] = [late[0], late.at(-1)];
const growth = ((last.megabytes - first.megabytes) * 1e6) / (last.steps - first.steps);
console.log(`growth in the second half: ${growth.toFixed(0)} bytes per step`);
