import { useEffect, useRef } from 'preact/hooks';
import type { Picture } from '../conversation/picture.ts';
import { cellAt, neighbour, twinsOf, type Cell } from './cells.ts';
import { drawMap, type MapMode } from './draw-map.ts';

/** Longer side of the drawing in pixels. */
const SIDE = 720;

const moves: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

type Props = {
  readonly picture: Picture;
  readonly cells: readonly Cell[];
  readonly mode: MapMode;
  /** How much of the colours is seen, in [0, 1]. */
  readonly strength: number;
  readonly cell: Cell | null;
  readonly onCell: (cell: Cell | null) => void;
};

/** The picture under its visual tokens. Pointing at one, or going there with the arrow keys, chooses it. */
export function PatchMap({ picture, cells, mode, strength, cell, onCell }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const image = useRef<HTMLImageElement>(null);
  const scale = SIDE / Math.max(picture.height, picture.width);
  useEffect(() => {
    const [target, source] = [canvas.current, image.current];
    if (target === null || source === null) return undefined;
    let current = true;
    const draw = () => {
      if (current) drawMap(target, source, cells, mode, strength);
    };
    source.decode().then(draw, () => undefined);
    return () => {
      current = false;
    };
  }, [picture, cells, mode, strength]);
  const point = (event: PointerEvent) => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined) return;
    const found = cellAt(cells, (event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width);
    if (found !== null) onCell(found);
  };
  // In the other mode colours say it.
  const twins = cell === null || mode === 'words' ? [] : twinsOf(cells, cell);
  return (
    <div
      class="patch-map"
      role="application"
      aria-roledescription="map of patches"
      aria-label={`What the model sees in ${picture.name}`}
      aria-describedby="patch-keys"
      tabIndex={0}
      onPointerMove={point}
      onPointerDown={point}
      onFocus={() => {
        if (cell === null) onCell(cells[0] ?? null);
      }}
      onKeyDown={(event) => {
        const [rows, columns] = moves[event.key] ?? [0, 0];
        if (rows === 0 && columns === 0) return;
        event.preventDefault();
        const from = cell ?? cells[0];
        if (from !== undefined) onCell(neighbour(cells, from, rows, columns));
      }}
    >
      <img ref={image} src={picture.url} alt="" hidden />
      <canvas
        ref={canvas}
        width={Math.max(1, Math.round(picture.width * scale))}
        height={Math.max(1, Math.round(picture.height * scale))}
      />
      {twins.map((twin) => (
        <Frame key={`${twin.row}/${twin.column}`} cell={twin} kind="twin" />
      ))}
      {cell !== null && <Frame cell={cell} kind="chosen" />}
    </div>
  );
}

function Frame({ cell, kind }: { readonly cell: Cell; readonly kind: 'chosen' | 'twin' }) {
  const style = { top: share(cell.top), left: share(cell.left), height: share(cell.height), width: share(cell.width) };
  return <span class={`frame ${kind}`} style={style} aria-hidden="true" />;
}

function share(value: number): string {
  return `${(value * 100).toFixed(3)}%`;
}
