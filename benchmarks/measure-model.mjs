// Loads one bundle in a process of its own, answers, and prints the mean timings and peak memory as JSON.
// node benchmarks/measure-model.mjs '{"bundle": ..., "questions": [{"image": ..., "question": ...}], ...}'
import { Ovis } from 'ovis/node';

const { bundle, questions, maxNewTokens, partitions, rounds } = JSON.parse(process.argv[2]);
const ovis = await Ovis.load(bundle);
const loadedBytes = process.memoryUsage().rss;
const answers = [];
await answer(questions[0]); // the first run is slower: buffers are made then
for (let round = 0; round < rounds; round++) {
  for (const question of questions) answers.push(await answer(question));
}
const bundleBytes = ovis.manifest.files.reduce((sum, file) => sum + file.bytes, 0);
const parameters = Object.values(ovis.manifest.parameters).reduce((sum, count) => sum + count, 0);
const { device, loadTimings } = ovis;
await ovis.dispose();

console.log(
  JSON.stringify({
    device,
    bundleBytes,
    parameters,
    loadMs: loadTimings.totalMs,
    decodeImageMs: mean(({ timings }) => timings.decodeImageMs),
    preprocessMs: mean(({ timings }) => timings.preprocessMs),
    visionMs: mean(({ timings }) => timings.visionMs),
    imageTokens: mean(({ usage }) => usage.imageTokens),
    prefillMs: mean(({ timings }) => timings.prefillMs),
    promptTokens: mean(({ usage }) => usage.imageTokens + usage.textTokens),
    outputTokens: mean(({ usage }) => usage.outputTokens),
    perTokenMs: perToken(),
    loadedBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }),
);

function answer({ image, question }) {
  const content = [
    { type: 'image', image },
    { type: 'text', text: question },
  ];
  const limits = partitions === undefined ? {} : { image: { maxPartition: partitions } };
  return ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens, ...limits });
}

function mean(number) {
  return answers.reduce((sum, item) => sum + number(item), 0) / answers.length;
}

/** Mean over tokens, so that long answers weigh more. */
function perToken() {
  const steps = answers.map(({ usage, timings }) => ({
    count: Math.max(0, usage.outputTokens - 1),
    ms: timings.perTokenMs,
  }));
  const count = steps.reduce((sum, step) => sum + step.count, 0);
  return steps.reduce((sum, step) => sum + step.count * step.ms, 0) / Math.max(1, count);
}
