// The graph that transformers.js runs, through onnxruntime-node alone: every run returns the whole cache, which is
// fed to the next.
import { engineRequest, finish, load, loadFrom, measureLanguage } from './measuring.mjs';

const asked = engineRequest();
const ort = await loadFrom(asked.packages, 'onnxruntime-node');
let session, past, length, token;

await load(async () => {
  session = await ort.InferenceSession.create(asked.model, { intraOpNumThreads: asked.threads });
});
const { keyValueHeads, headSize } = asked.shape;
const caches = session.inputNames.filter((name) => name.startsWith('past_key_values.'));
await measureLanguage(asked, { read, step: () => append([token]) });
finish();

async function read(tokens) {
  past = Object.fromEntries(caches.map((name) => [name, emptyCache()]));
  length = 0;
  await append(tokens);
}

async function append(tokens) {
  length += tokens.length;
  const feeds = { input_ids: int64Row(tokens), attention_mask: int64Row(Array(length).fill(1)), ...past };
  if (session.inputNames.includes('position_ids')) {
    feeds.position_ids = int64Row(tokens.map((_, index) => length - tokens.length + index));
  }
  const results = await session.run(feeds);
  past = Object.fromEntries(caches.map((name) => [name, results[name.replace('past_key_values', 'present')]]));
  token = largest(results.logits.data);
}

function largest(values) {
  let best = 0;
  for (let index = 1; index < values.length; index++) if (values[index] > values[best]) best = index;
  return best;
}

function emptyCache() {
  return new ort.Tensor('float32', new Float32Array(0), [1, keyValueHeads, 0, headSize]);
}

function int64Row(values) {
  return new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}
