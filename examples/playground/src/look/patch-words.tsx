import { wordColour } from 'ovis/web';
import { count } from '../page/units.ts';
import { twinsOf, type Cell } from './cells.ts';
import { css } from './draw-map.ts';
import { wordName } from './word-names.ts';

/** The visual words of one cell. */
export function PatchWords({ cell, cells }: { readonly cell: Cell | null; readonly cells: readonly Cell[] }) {
  if (cell === null) {
    return <p class="hint">Point at the picture, or go over it with the arrow keys, to see its visual words.</p>;
  }
  const twins = twinsOf(cells, cell).length;
  return (
    <div class="patch-words">
      <p class="patch-place">
        <span>
          Row {cell.row + 1}, column {cell.column + 1}
        </span>
        <span>entropy {cell.entropy.toFixed(2)} nats</span>
      </p>
      <ol aria-label="Most likely visual words">
        {cell.words.map(({ word, probability }) => (
          <li key={word}>
            <span class="swatch" style={{ backgroundColor: css(wordColour(word)) }} aria-hidden="true" />
            <span class="word">{wordName(word)}</span>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${(probability * 100).toFixed(1)}%` }} />
            </span>
            <span class="share">{percent(probability)}</span>
          </li>
        ))}
      </ol>
      <p class="hint">
        {twins === 0
          ? 'No other patch reads as this word.'
          : `${count(twins)} other ${twins === 1 ? 'patch reads' : 'patches read'} as the same word.`}
      </p>
    </div>
  );
}

function percent(share: number): string {
  if (share > 0 && share < 0.001) return '< 0.1 %';
  return `${(share * 100).toFixed(1)} %`;
}
