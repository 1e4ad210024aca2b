// What `npm start` runs: the embedded model looks at pictures and answers. `npm start -- --all` asks every question.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';

const images = new URL('../images/', import.meta.url);
const all = process.argv.includes('--all');

const ovis = await Ovis.load(nanoBundlePath);
try {
  introduce(ovis);
  const runs = [];
  let shown = null;
  for (const { image, question, answer } of chooseQuestions()) {
    const file = fileURLToPath(new URL(image, images));
    if (image !== shown) console.log(`\n${relative(process.cwd(), file)}`);
    shown = image;
    process.stdout.write(`  ${question}\n  → `);
    runs.push(await ask(file, question, answer));
  }
  reportSpeed(runs);
  sayWhatNext();
} finally {
  await ovis.dispose();
}

/** Streams one answer to the terminal; returns the numbers of its end. */
async function ask(file, question, expected) {
  const content = [
    { type: 'image', image: file },
    { type: 'text', text: question },
  ];
  let text = '';
  for await (const part of ovis.stream({ messages: [{ role: 'user', content }], maxNewTokens: 100 })) {
    if (part.type === 'text-delta') {
      text += part.text;
      process.stdout.write(part.text);
    }
    if (part.type === 'finish') {
      const right = plain(text) === plain(expected);
      console.log(right ? '' : `   (expected: ${expected})`);
      return { ...part, right };
    }
  }
  throw new Error('The answer did not finish.');
}

/** All questions, or the first two about each of the first five pictures. */
function chooseQuestions() {
  const questions = JSON.parse(readFileSync(new URL('questions.json', images), 'utf8'));
  if (all) return questions;
  const pictures = [...new Set(questions.map(({ image }) => image))].slice(0, 5);
  return pictures.flatMap((picture) => questions.filter(({ image }) => image === picture).slice(0, 2));
}

function introduce({ manifest, model, device, loadTimings }) {
  const parameters = Object.values(manifest.parameters).reduce((sum, count) => sum + count, 0);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(
    `\nThe embedded model @ovis/nano, an Ovis ${model.generation} in the official layout, converted by this repository:`,
  );
  console.log(
    `${(parameters / 1e6).toFixed(1)} M parameters in ${(bytes / 1e6).toFixed(1)} MB, on ${device.kind} (${device.runtime}).`,
  );
  const { totalMs, verifyMs, tokenizerMs, sessionsMs } = loadTimings;
  const steps = [`files ${ms(verifyMs)}`, `tokenizer ${ms(tokenizerMs)}`, `graphs ${ms(sessionsMs)}`];
  console.log(`Loaded in ${ms(totalMs)} (${steps.join(', ')}).`);
}

function reportSpeed(runs) {
  const mean = (number) => runs.reduce((sum, run) => sum + number(run), 0) / runs.length;
  const rows = [
    ['decode the picture', ms(mean(({ timings }) => timings.decodeImageMs))],
    ['resize and patches', ms(mean(({ timings }) => timings.preprocessMs))],
    [
      'visual tokenizer',
      ms(mean(({ timings }) => timings.visionMs)),
      `${mean(({ usage }) => usage.imageTokens).toFixed(0)} visual tokens`,
    ],
    [
      'prefill',
      ms(mean(({ timings }) => timings.prefillMs)),
      `${mean(({ usage }) => usage.imageTokens + usage.textTokens).toFixed(0)} positions`,
    ],
    ['first token after', ms(mean(({ timings }) => timings.firstTokenMs))],
    ['each further token', ms(mean(({ timings }) => timings.perTokenMs))],
  ];
  const right = runs.filter((run) => run.right).length;
  console.log(
    `\n${right} of ${runs.length} answers as expected; packages/nano/MODEL_CARD.md has the accuracies on unseen pictures.`,
  );
  console.log('Mean time per question:');
  for (const [name, time, note = ''] of rows) console.log(`  ${name.padEnd(20)}${time.padStart(9)}  ${note}`.trimEnd());
}

function sayWhatNext() {
  console.log(`
Next:
  npm run ovis -- run --image examples/images/icon.png --prompt "What is this?"
                                                                     another question to the embedded model
  npm run ovis -- run path/to/Ovis2-1B --image photo.jpg --prompt "Describe the picture."
                                                                     your picture, your checkpoint (converted once)
  npm run ovis -- convert path/to/Ovis2-1B bundle --dtype int4       a bundle to keep
  npm run ovis -- --help                                             everything else
  examples/node-describe                                             the same in your own app`);
}

function ms(milliseconds) {
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
}

function plain(text) {
  return text.trim().toLowerCase().replace(/[.!]$/, '');
}
