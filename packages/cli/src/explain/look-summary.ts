import type { Look } from 'ovis/node';
import { formatTable } from '../output/format-table.ts';

/** Words listed. */
const MOST_USED = 10;

/** A look in words: sizes, entropy, the words that are used most. */
export function lookSummary(look: Look, entropyRange: readonly [number, number], out: string): string {
  const { views, wordsPerToken, visualWords } = look;
  const tokens = views.reduce((sum, { entropy }) => sum + entropy.length, 0);
  const entropy = views.reduce((sum, view) => view.entropy.reduce((a, b) => a + b, sum), 0) / tokens;
  const used = new Map<number, { count: number; probability: number }>();
  for (const { words, probabilities } of views) {
    for (let first = 0; first < words.length; first += wordsPerToken) {
      const word = words[first] ?? 0;
      const { count, probability } = used.get(word) ?? { count: 0, probability: 0 };
      used.set(word, { count: count + 1, probability: probability + (probabilities[first] ?? 0) });
    }
  }
  const ranked = [...used].toSorted(([, a], [, b]) => b.count - a.count).slice(0, MOST_USED);
  const [least, most] = entropyRange.map((value) => value.toFixed(2));
  const grid = views.map(({ rows, columns }) => `${rows} x ${columns}`);
  return (
    `${look.width} x ${look.height} pixels, ${views.length === 1 ? '1 view' : `${views.length} views`} of ` +
    `${grid[0] ?? ''} visual tokens, ${tokens} in all\n` +
    `Entropy ${entropy.toFixed(2)} nats on average (${Math.log(visualWords).toFixed(2)} would know nothing); ` +
    `dark is ${least ?? ''}, bright is ${most ?? ''}\n` +
    `${used.size} of ${visualWords} visual words are the most likely one somewhere:\n\n` +
    formatTable(
      [
        ['Word', 'Tokens', 'Mean probability'],
        ...ranked.map(([word, { count, probability }]) => [
          String(word),
          String(count),
          `${((probability / count) * 100).toFixed(1)} %`,
        ]),
      ],
      ['right', 'right', 'right'],
    ) +
    `\nWritten to ${out}\n`
  );
}
