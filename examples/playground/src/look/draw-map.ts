import { heatColour, wordColour, type Colour } from 'ovis/web';
import { entropyRange, type Cell } from './cells.ts';

/** What the colours of the map mean. */
export type MapMode = 'entropy' | 'words';

/** Draws the picture in grey and its cells in colour. */
export function drawMap(
  canvas: HTMLCanvasElement,
  image: HTMLImageElement,
  cells: readonly Cell[],
  mode: MapMode,
  strength: number,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.globalCompositeOperation = 'source-over';
  context.globalAlpha = 1;
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(image, 0, 0, width, height);
  if (strength === 0) return;
  context.globalCompositeOperation = 'saturation';
  context.globalAlpha = strength;
  context.fillStyle = 'grey';
  context.fillRect(0, 0, width, height);
  context.globalCompositeOperation = 'source-over';
  const [least, most] = entropyRange(cells);
  for (const cell of cells) {
    const { entropy, words } = cell;
    const share = most > least ? (entropy - least) / (most - least) : 0;
    const [first] = words;
    context.globalAlpha = strength * (mode === 'entropy' ? 0.8 : 0.25 + 0.6 * (first?.probability ?? 0));
    context.fillStyle = css(mode === 'entropy' ? heatColour(share) : wordColour(first?.word ?? 0));
    // Edges on whole pixels: no seams.
    const [left, right] = [Math.round(cell.left * width), Math.round((cell.left + cell.width) * width)];
    const [top, bottom] = [Math.round(cell.top * height), Math.round((cell.top + cell.height) * height)];
    context.fillRect(left, top, right - left, bottom - top);
  }
}

/** A colour as style sheets write it. */
export function css([red, green, blue]: Colour): string {
  return `rgb(${red} ${green} ${blue})`;
}
