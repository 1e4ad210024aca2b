import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRange } from '@ovis/core';
import type { BuiltGraph } from '../src/graph/built-graph.ts';
import { weightInitializers } from '../src/graph/weight-initializers.ts';
import { initializerBytes, type Tensors } from './evaluate-weight.ts';

/** Where ONNX Runtime can map a tensor from. */
const ALIGNMENT = 4096;

/**
 * Writes a graph and its weights into a new temporary folder; gives the path of the `.onnx` file. With
 * `rounding`, every weight has the values it has in that graph (which stores them in blocks).
 */
export function writeGraph(graph: BuiltGraph, tensors: Tensors, rounding?: BuiltGraph): string {
  const rounded = new Map(rounding?.weights.map(({ name, storage }) => [name, storage]));
  const folder = mkdtempSync(join(tmpdir(), 'ovis-graph-'));
  const file = 'graph.bin';
  const places = new Map<string, FileRange>();
  const pieces: Uint8Array[] = [];
  let offset = 0;
  for (const weight of graph.weights) {
    const bytes = initializerBytes(weight, tensors, rounded.get(weight.name));
    weightInitializers(weight).forEach(({ name }, index) => {
      const piece = bytes[index] ?? new Uint8Array();
      places.set(name, { file, offset, length: piece.length });
      const padding = (ALIGNMENT - (piece.length % ALIGNMENT)) % ALIGNMENT;
      pieces.push(piece, new Uint8Array(padding));
      offset += piece.length + padding;
    });
  }
  writeFileSync(join(folder, file), Buffer.concat(pieces));
  const path = join(folder, 'graph.onnx');
  const locate = (name: string) => {
    const place = places.get(name);
    if (!place) throw new Error(`No bytes for ${name}.`);
    return place;
  };
  writeFileSync(path, graph.serialise(locate));
  return path;
}
