// transformers.js as an application calls it: `generate` with a streamer, whose calls are the clock.
import { engineRequest, finish, load, loadFrom, prompt, say, contextsOf } from './measuring.mjs';

const asked = engineRequest();
const { AutoModelForCausalLM, BaseStreamer, Tensor, env } = await loadFrom(asked.packages, '@huggingface/transformers');
env.allowRemoteModels = false;
env.localModelPath = asked.model;
let model;

await load(async () => {
  model = await AutoModelForCausalLM.from_pretrained('model', {
    dtype: 'q4',
    device: 'cpu',
    use_external_data_format: true,
    session_options: { intraOpNumThreads: asked.threads },
  });
});
await answer(prompt(32), 4);
for (const context of contextsOf(asked)) {
  const decodes = asked.decode.includes(context);
  const [first, ...steps] = await answer(prompt(context), decodes ? asked.tokens + 2 : 1);
  if (asked.prefill.includes(context)) say('prefill', { context, ms: first });
  if (decodes) say('decode', { context, ms: steps.slice(-asked.tokens) });
}
finish();

/** Milliseconds until each new token. */
async function answer(tokens, count) {
  const times = [];
  let last = performance.now();
  class Clock extends BaseStreamer {
    #promptSeen = false;
    put() {
      const now = performance.now();
      if (this.#promptSeen) times.push(now - last);
      else this.#promptSeen = true; // the first call brings the prompt back
      last = now;
    }
    end() {}
  }
  const sizes = { max_new_tokens: count, min_new_tokens: count, do_sample: false };
  const inputs = { input_ids: int64Row(tokens), attention_mask: int64Row(tokens.map(() => 1)) };
  last = performance.now();
  await model.generate({ ...inputs, ...sizes, streamer: new Clock() });
  return times;
}

function int64Row(values) {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
}
