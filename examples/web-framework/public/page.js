import { Ovis } from './ovis/index.js';

const [form, ask, state, answer] = ['form', 'ask', 'state', 'answer'].map((id) => document.getElementById(id));
let loading;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  void answerForm(new FormData(form));
});

async function answerForm(data) {
  ask.disabled = true;
  answer.textContent = '';
  try {
    const pieces = data.get('where') === 'server' ? askServer(data) : askHere(data);
    for await (const text of pieces) answer.textContent += text;
    state.textContent = 'Done.';
  } catch (error) {
    state.textContent = error.message;
  } finally {
    ask.disabled = false;
  }
}

/** The answer of the server, piece by piece. */
async function* askServer(body) {
  state.textContent = 'Asking the server …';
  const response = await fetch('answer', { method: 'POST', body });
  if (!response.ok) throw new Error(await response.text());
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) yield piece.value;
}

/** The answer of the same model in this browser, which loads it once. */
async function* askHere(data) {
  loading ??= Ovis.load('model/', {
    runtimeFiles: 'onnxruntime/',
    onProgress: ({ phase, done, total }) => {
      state.textContent = `${phase}: ${Math.floor((100 * done) / Math.max(1, total))} %`;
    },
  }).catch((error) => {
    loading = undefined;
    throw error;
  });
  const ovis = await loading;
  state.textContent = `Asking ${ovis.model.name} on ${ovis.device.kind} …`;
  const content = [
    { type: 'image', image: data.get('picture') },
    { type: 'text', text: data.get('question') },
  ];
  for await (const part of ovis.stream({ messages: [{ role: 'user', content }] })) {
    if (part.type === 'text-delta') yield part.text;
  }
}
