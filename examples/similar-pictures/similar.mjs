// node similar.mjs PICTURE OTHER...   Ranks pictures by how alike they are in visual words.
import { nanoBundlePath } from '@ovis/nano';
import { Ovis } from 'ovis/node';

const [picture, ...others] = process.argv.slice(2);
if (picture === undefined || others.length === 0) {
  console.error('usage: node similar.mjs PICTURE OTHER...');
  process.exit(2);
}

const ovis = await Ovis.load(process.env.OVIS_MODEL ?? nanoBundlePath);
try {
  const words = await wordsOf(picture);
  const ranked = [];
  for (const other of others) ranked.push({ other, likeness: cosine(words, await wordsOf(other)) });
  ranked.sort((a, b) => b.likeness - a.likeness);
  for (const { other, likeness } of ranked) console.log(`${likeness.toFixed(3)}  ${other}`);
} finally {
  await ovis.dispose();
}

/** How much of the picture each visual word takes: its probabilities, added over the tokens of the whole picture. */
async function wordsOf(image) {
  const { views, wordsPerToken } = await ovis.look(image, { maxPartition: 1 });
  const [{ words, probabilities }] = views;
  const amounts = new Map();
  words.forEach((word, index) => amounts.set(word, (amounts.get(word) ?? 0) + probabilities[index]));
  // Background fills most tokens of most pictures; the square root keeps it from deciding alone.
  return new Map([...amounts].map(([word, amount]) => [word, Math.sqrt((amount * wordsPerToken) / words.length)]));
}

function cosine(a, b) {
  const dot = [...a].reduce((sum, [word, amount]) => sum + amount * (b.get(word) ?? 0), 0);
  return dot / (Math.hypot(...a.values()) * Math.hypot(...b.values()));
}
