import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileRange } from '@ovis/core';
import { InferenceSession } from 'onnxruntime-node';
import type { BuiltGraph } from '../src/graph/built-graph.ts';
import { weightInitializers } from '../src/graph/weight-initializers.ts';
import { initializerBytes, type Tensors } from './evaluate-weight.ts';
import { productsHere } from './products-here.ts';

/** Where ONNX Runtime can map a tensor from. */
const ALIGNMENT = 4096;

/**
 * A session of a graph, by way of a temporary folder. With `rounding`, every weight has the values it has in
 * that graph (which stores them in blocks).
 */
export async function openGraph(graph: BuiltGraph, tensors: Tensors, rounding?: BuiltGraph): Promise<InferenceSession> {
  const folder = mkdtempSync(join(tmpdir(), 'ovis-graph-'));
  try {
    return await InferenceSession.create(writeGraph(folder, graph, tensors, rounding));
  } finally {
    rmSync(folder, { recursive: true }); // the session has what it needs
  }
}

function writeGraph(folder: string, graph: BuiltGraph, tensors: Tensors, rounding: BuiltGraph | undefined): string {
  const rounded = new Map(rounding?.weights.map(({ name, storage }) => [name, storage]));
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
  writeFileSync(path, graph.serialise(locate, productsHere));
  return path;
}
