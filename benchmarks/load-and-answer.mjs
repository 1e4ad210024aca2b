// Loads one bundle and, where a context is asked for, answers a text of that many words; prints times and memory as JSON.
// node benchmarks/load-and-answer.mjs '{"bundle": ..., "context": 64}'
import { Ovis } from 'ovis/node';

const { bundle, context } = JSON.parse(process.argv[2]);
const [began, before] = [performance.now(), process.cpuUsage()];
const ovis = await Ovis.load(bundle);
const loadMs = performance.now() - began;
const { user, system } = process.cpuUsage(before);
const loadedBytes = process.memoryUsage().rss;
let positions = 0;
if (context > 0) {
  const messages = [{ role: 'user', content: 'word '.repeat(context) }];
  const { usage } = await ovis.generate({ messages, maxNewTokens: 32 });
  positions = usage.textTokens + usage.outputTokens;
}
const { layers, keyValueHeads, headSize } = ovis.model.language;
console.log(
  JSON.stringify({
    loadMs,
    processorMs: (user + system) / 1000,
    tokenizerMs: ovis.loadTimings.tokenizerMs,
    sessionsMs: ovis.loadTimings.sessionsMs,
    bundleBytes: ovis.manifest.files.reduce((sum, file) => sum + file.bytes, 0),
    positions,
    cacheBytes: 2 * 4 * layers * keyValueHeads * headSize * positions,
    loadedBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);
await ovis.dispose();
