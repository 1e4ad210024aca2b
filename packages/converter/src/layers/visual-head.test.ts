import { expect, test } from 'vitest';
import { largestDifference } from '../../test/compare.ts';
import { floatsOf } from '../../test/floats-of.ts';
import { noise, noisyWeight, runLayer } from '../../test/run-layer.ts';
import { visualHead } from './visual-head.ts';

const [features, words, indicators, width] = [8, 6, 2, 5];
const input = { x: { data: noise(3 * features, 2), dims: [3, features], shape: ['V', features] } };
const options = { visualVocabularySize: words, indicators, embeddingSize: width, topWords: words };
const table = noisyWeight([words + indicators, width], 7);

/** The larger the norm's weight, the more certain every distribution. */
function weights(certainty: number) {
  return new Map([
    ['visual_tokenizer.head.0.weight', noisyWeight([words, features], 1)],
    ['visual_tokenizer.head.1.weight', { shape: [words], data: new Float32Array(words).fill(certainty) }],
    ['visual_tokenizer.head.1.bias', { shape: [words], data: new Float32Array(words) }],
    ['vte.weight', table],
  ]);
}

test('an embedding is the expectation of the table, indicator rows left out', async () => {
  const { probabilities, embeddings } = await run(2, 'softmax');
  const shares = floatsOf(probabilities);
  const expected = [0, 1, 2].flatMap((token) =>
    Array.from({ length: width }, (_, column) =>
      shares
        .subarray(token * words, (token + 1) * words)
        .reduce((sum, share, word) => sum + share * (table.data[word * width + column] ?? 0), 0),
    ),
  );
  expect(largestDifference(floatsOf(embeddings), expected)).toBeLessThan(1e-6);
});

test('an embedding is the row of the likeliest word where the config says argmax', async () => {
  const { embeddings, topWords } = await run(2, 'argmax');
  const expected = [0, 1, 2].flatMap((token) => {
    const word = Number(topWords?.data[token * words]);
    return [...table.data.subarray(word * width, (word + 1) * width)];
  });
  expect(largestDifference(floatsOf(embeddings), expected)).toBeLessThan(1e-6);
});

test('the entropy of a certain distribution is 0, not NaN', async () => {
  const { entropy, probabilities } = await run(1000, 'softmax');
  expect(floatsOf(probabilities).includes(0)).toBe(true);
  for (const value of floatsOf(entropy)) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThan(1e-3);
  }
});

test('the entropy of an even distribution is the logarithm of its words', async () => {
  const { entropy } = await run(0, 'softmax');
  expect(
    largestDifference(
      floatsOf(entropy),
      [1, 2, 3].map(() => Math.log(words)),
    ),
  ).toBeLessThan(1e-5);
});

function run(certainty: number, tokenizeFunction: 'softmax' | 'argmax') {
  return runLayer(input, weights(certainty), (g, value) => {
    const head = visualHead(g, value('x'), { ...options, tokenizeFunction });
    const { probabilities, embeddings, topWords, entropy } = head;
    return { probabilities, embeddings, topWords, entropy };
  });
}
