import type { RgbImage } from '@ovis/core';
import { blend, heatColour, wordColour, type Colour } from './colours.ts';
import type { Look, LookView } from './look-types.ts';

/** What a picture of a look is made of. */
export type LookDrawing = {
  /** The picture, its entropy, its words, side by side. */
  readonly image: RgbImage;
  /** Entropy in nats at the dark and the bright end of the colours. */
  readonly entropyRange: readonly [least: number, most: number];
};

/** Longer side of one panel in pixels; smaller pictures are drawn larger, so that patches can be seen. */
const PANEL = 640;
const GAP = 8;

/**
 * Draws a picture as the model sees it, three panels side by side: the picture; its entropy, dark where the model is
 * certain and bright where a token spreads over many visual words; its most likely words, one colour per word, pale
 * where the word is unlikely. Sub-images are drawn where there are any, else the whole picture.
 */
export function drawLook(picture: RgbImage, look: Look): LookDrawing {
  const scale = PANEL / Math.max(picture.height, picture.width);
  const height = Math.max(1, Math.round(picture.height * scale));
  const width = Math.max(1, Math.round(picture.width * scale));
  const image = {
    height,
    width: 3 * width + 2 * GAP,
    data: new Uint8Array(height * (3 * width + 2 * GAP) * 3).fill(255),
  };
  const views = look.views.length > 1 ? look.views.slice(1) : look.views;
  const entropies = views.flatMap(({ entropy }) => [...entropy]);
  const least = entropies.reduce((a, b) => Math.min(a, b), Infinity);
  const most = entropies.reduce((a, b) => Math.max(a, b), 0);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const top = Math.min(picture.height - 1, Math.floor((y + 0.5) / scale));
      const left = Math.min(picture.width - 1, Math.floor((x + 0.5) / scale));
      const colour = pixel(picture, top, left);
      put(image, y, x, colour);
      const token = tokenAt(views, (y + 0.5) / scale, (x + 0.5) / scale);
      if (token === null) continue;
      const { view, index } = token;
      const share = most > least ? ((view.entropy[index] ?? 0) - least) / (most - least) : 0;
      put(image, y, x + width + GAP, blend(grey(colour), heatColour(share), 0.65));
      const probability = view.probabilities[index * look.wordsPerToken] ?? 0;
      const word = wordColour(view.words[index * look.wordsPerToken] ?? 0);
      put(image, y, x + 2 * (width + GAP), blend([255, 255, 255], word, 0.25 + 0.75 * probability));
    }
  }
  return { image, entropyRange: [Number.isFinite(least) ? least : 0, most] };
}

/** The token that lies at a point of the picture. Regions of sub-images overlap only in their padding. */
function tokenAt(views: readonly LookView[], top: number, left: number): { view: LookView; index: number } | null {
  let best: { view: LookView; index: number; distance: number } | null = null;
  for (const view of views) {
    const { region, rows, columns } = view;
    const row = Math.floor(((top - region.top) / region.height) * rows);
    const column = Math.floor(((left - region.left) / region.width) * columns);
    if (row < 0 || row >= rows || column < 0 || column >= columns) continue;
    const distance =
      Math.abs((top - region.top) / region.height - 0.5) + Math.abs((left - region.left) / region.width - 0.5);
    if (best === null || distance < best.distance) best = { view, index: row * columns + column, distance };
  }
  return best;
}

function pixel({ data, width }: RgbImage, top: number, left: number): Colour {
  const at = (top * width + left) * 3;
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
}

function put({ data, width }: RgbImage, top: number, left: number, colour: Colour): void {
  data.set(colour, (top * width + left) * 3);
}

function grey([red, green, blue]: Colour): Colour {
  const light = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
  return [light, light, light];
}
