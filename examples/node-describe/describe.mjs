// node describe.mjs PICTURE [QUESTION] [MODEL]
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';

const [picture, question = 'What is in the picture?', model = nanoBundlePath] = process.argv.slice(2);
if (picture === undefined) {
  console.error('usage: node describe.mjs PICTURE [QUESTION] [MODEL]');
  process.exit(2);
}

const ovis = await Ovis.load(model);
try {
  const content = [
    { type: 'image', image: picture },
    { type: 'text', text: question },
  ];
  for await (const part of ovis.stream({ messages: [{ role: 'user', content }] })) {
    if (part.type === 'text-delta') process.stdout.write(part.text);
    if (part.type === 'finish')
      console.log(`\n(${part.usage.outputTokens} tokens, ${part.timings.totalMs.toFixed(0)} ms)`);
  }
} finally {
  await ovis.dispose();
}
