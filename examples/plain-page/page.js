// A browser finds these files without a bundler: `ovis/` is node_modules/ovis/dist/standalone, `onnxruntime/` is
// node_modules/onnxruntime-web/dist (serve.mjs; on a host of static files, copies of both).
import { Ovis } from './ovis/index.js';

const [form, picture, question, ask, state, answer] = ['form', 'picture', 'question', 'ask', 'state', 'answer'].map(
  (id) => document.getElementById(id),
);

try {
  const ovis = await Ovis.load('models/nano/', {
    runtimeFiles: 'onnxruntime/',
    onProgress: ({ phase, done, total }) => {
      state.textContent = `${phase}: ${Math.floor((100 * done) / Math.max(1, total))} %`;
    },
  });
  state.textContent = `${ovis.model.name} on ${ovis.device.kind}: ${ovis.device.reasons.join('; ')}.`;
  ask.disabled = false;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void streamAnswer(ovis);
  });
} catch (error) {
  state.textContent = error.message;
}

async function streamAnswer(ovis) {
  const content = [
    { type: 'image', image: picture.files[0] },
    { type: 'text', text: question.value },
  ];
  ask.disabled = true;
  answer.textContent = '';
  try {
    for await (const part of ovis.stream({ messages: [{ role: 'user', content }] })) {
      if (part.type === 'text-delta') answer.textContent += part.text;
      if (part.type === 'finish') {
        const { usage, timings } = part;
        state.textContent = `${usage.outputTokens} tokens, ${timings.totalMs.toFixed(0)} ms.`;
      }
    }
  } catch (error) {
    state.textContent = error.message;
  } finally {
    ask.disabled = false;
  }
}
