import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Look } from 'ovis/web';
import type { Picture } from '../conversation/picture.ts';
import { announce } from '../page/announce.tsx';
import { count } from '../page/units.ts';
import { cellsOf, entropyRange, type Cell } from './cells.ts';
import type { MapMode } from './draw-map.ts';
import { lookState } from './look-state.ts';
import { PatchMap } from './patch-map.tsx';
import { PatchWords } from './patch-words.tsx';
import { wordName } from './word-names.ts';

/** What the model sees in the chosen picture. */
export function LookPanel() {
  const state = lookState.value;
  return (
    <section class="panel" aria-labelledby="look-title">
      <h2 id="look-title">What the model sees</h2>
      {state.kind === 'none' && (
        <p class="hint">
          Add a picture. The model cuts it into patches and reads each one as words of a visual vocabulary: here you see
          which.
        </p>
      )}
      {state.kind === 'looking' && (
        <figure class="looking">
          <img src={state.picture.url} alt={state.picture.name} />
          <figcaption class="hint">Looking …</figcaption>
        </figure>
      )}
      {state.kind === 'failed' && <p class="hint">This picture cannot be looked into. {state.message}</p>}
      {state.kind === 'ready' && <Inside key={state.picture.id} picture={state.picture} look={state.look} />}
    </section>
  );
}

function Inside({ picture, look }: { readonly picture: Picture; readonly look: Look }) {
  const [mode, setMode] = useState<MapMode>('entropy');
  const [strength, setStrength] = useState(0.8);
  const [viewIndex, setViewIndex] = useState(0);
  const [cell, setCell] = useState<Cell | null>(null);
  const view = look.views[viewIndex];
  const cells = useMemo(() => (view === undefined ? [] : cellsOf(look, view)), [look, view]);
  useEffect(() => setCell(null), [view]);
  const choose = (next: Cell | null) => {
    setCell(next);
    if (next !== null && next !== cell) announce(spoken(next));
  };
  const [least, most] = entropyRange(cells);
  return (
    <>
      <div class="look-controls">
        <fieldset class="segments">
          <legend class="unseen">Colours of the map</legend>
          {(['entropy', 'words'] as const).map((value) => (
            <label key={value}>
              <input type="radio" name="map-mode" checked={mode === value} onChange={() => setMode(value)} />
              <span>{value === 'entropy' ? 'Entropy' : 'Words'}</span>
            </label>
          ))}
        </fieldset>
        <label class="strength">
          <span>Colours</span>
          <input
            type="range"
            min="0"
            max="1"
            step="0.05"
            value={strength}
            onInput={({ currentTarget }) => setStrength(currentTarget.valueAsNumber)}
          />
        </label>
      </div>
      {look.views.length > 1 && (
        <label class="field-row">
          <span>View</span>
          <select value={viewIndex} onChange={({ currentTarget }) => setViewIndex(currentTarget.selectedIndex)}>
            {look.views.map(({ kind }, index) => (
              <option key={index} value={index}>
                {kind === 'whole' ? 'Whole picture' : `Part ${index}`}
              </option>
            ))}
          </select>
        </label>
      )}
      <PatchMap picture={picture} cells={cells} mode={mode} strength={strength} cell={cell} onCell={choose} />
      <p id="patch-keys" class="unseen">
        Arrow keys go from patch to patch.
      </p>
      {mode === 'entropy' ? (
        <div class="legend">
          <span>{least.toFixed(1)} nats, certain</span>
          <span class="scale" aria-hidden="true" />
          <span>{most.toFixed(1)}, unsure</span>
        </div>
      ) : (
        <p class="legend">One colour per word; pale where the word is unlikely.</p>
      )}
      <PatchWords cell={cell} cells={cells} />
      <p class="hint">
        {count(cells.length)} patches; {count(look.visualWords)} visual words to choose from.
      </p>
    </>
  );
}

function spoken({ row, column, entropy, words: [first] }: Cell): string {
  const word =
    first === undefined ? '' : `, ${wordName(first.word)} with ${(first.probability * 100).toFixed(0)} percent`;
  return `Row ${row + 1}, column ${column + 1}: entropy ${entropy.toFixed(1)}${word}`;
}
