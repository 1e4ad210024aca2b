import { wordColour } from './colours.ts';

/** A row of a sheet: a word, and PNG files of patches that chose it. */
export type WordSheetRow = {
  readonly word: number;
  /** What to call it; null: its number. */
  readonly name: string | null;
  readonly tokens: number;
  readonly patches: readonly { readonly png: Uint8Array; readonly probability: number }[];
};

/** Pixels of a patch, and what is between two. */
const PATCH = 56;
const GAP = 6;
/** Width of what is written before the patches. */
const LABEL = 216;
const ROW = PATCH + 24;

/** Words and the patches that chose them as an SVG drawing, a row for each word. */
export function wordSheetSvg(rows: readonly WordSheetRow[], title: string): string {
  const patches = Math.max(0, ...rows.map((row) => row.patches.length));
  const width = LABEL + patches * (PATCH + GAP) + GAP;
  const height = rows.length * ROW + GAP;
  const drawn = rows.map((row, index) => drawRow(row, index * ROW + GAP));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">\n<title>${escaped(title)}</title>\n` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>\n${drawn.join('')}</svg>\n`
  );
}

function drawRow({ word, name, tokens, patches }: WordSheetRow, top: number): string {
  const colour = `rgb(${wordColour(word).join(',')})`;
  const label = name === null || name === '' ? `word ${word}` : name;
  const images = patches.map(({ png, probability }, index) => {
    const x = LABEL + index * (PATCH + GAP);
    return (
      `<image x="${x}" y="${top}" width="${PATCH}" height="${PATCH}" preserveAspectRatio="none" ` +
      `style="image-rendering:pixelated" href="data:image/png;base64,${base64(png)}"/>` +
      `<text x="${x + PATCH / 2}" y="${top + PATCH + 12}" font-size="10" fill="#666" text-anchor="middle">` +
      `${(probability * 100).toFixed(0)} %</text>\n`
    );
  });
  return (
    `<rect x="${GAP}" y="${top}" width="6" height="${PATCH}" fill="${colour}"/>` +
    `<text x="${GAP + 14}" y="${top + 24}" font-size="14" font-weight="600" fill="#111">${escaped(label)}</text>` +
    `<text x="${GAP + 14}" y="${top + 42}" font-size="11" fill="#666">word ${word}, ${tokens} tokens</text>\n` +
    images.join('')
  );
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCodePoint(byte)).join(''));
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
