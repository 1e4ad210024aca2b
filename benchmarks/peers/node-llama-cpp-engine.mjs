// node-llama-cpp with the binaries it ships.
import { contextsOf, engineRequest, finish, load, loadFrom, measureLanguage } from './measuring.mjs';

const asked = engineRequest();
const { getLlama, LlamaLogLevel } = await loadFrom(asked.packages, 'node-llama-cpp');
let sequence, steps, token;

await load(async () => {
  const llama = await getLlama({
    gpu: false,
    build: 'never',
    maxThreads: asked.threads,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath: asked.model, gpuLayers: 0 });
  const context = await model.createContext({
    contextSize: Math.max(...contextsOf(asked)) + asked.tokens + 8,
    batchSize: 512,
    threads: asked.threads,
  });
  sequence = context.getSequence();
});
await measureLanguage(asked, { read, step });
finish();
process.exit(0);

async function read(tokens) {
  await steps?.return();
  await sequence.clearHistory();
  steps = sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true });
  await step();
}

async function step() {
  const { value, done } = await steps.next();
  if (done) throw new Error('The sequence ended.');
  token = value;
  return token;
}
