import type { FileDescription, FileRange, GraphDescription } from '@ovis/core';
import type { BuiltGraph } from '../graph/built-graph.ts';
import { weightInitializers } from '../graph/weight-initializers.ts';
import type { GraphWeight } from '../weights/weight-expression.ts';
import type { WrittenWeight } from '../weights/write-weight.ts';
import { writeWhole } from './write-whole.ts';

/**
 * Writes `<name>.onnx` over weights that are written already and, where processors want it in two forms,
 * `<name>-narrow.onnx`; adds the files to `files`.
 */
export async function writeGraph(
  folder: string,
  name: string,
  graph: BuiltGraph,
  written: (weight: GraphWeight) => WrittenWeight,
  files: FileDescription[],
): Promise<GraphDescription> {
  const places = placesOf(graph, written);
  const locate = (initializer: string): FileRange => {
    const place = places.get(initializer);
    if (place === undefined) throw new TypeError(`Initializer ${initializer} was not written.`);
    return place;
  };
  const file = `${name}.onnx`;
  const narrowFile = graph.dependsOnProducts ? `${name}-narrow.onnx` : null;
  await writeWhole(folder, file, graph.serialise(locate), files);
  if (narrowFile !== null) await writeWhole(folder, narrowFile, graph.serialise(locate, 'narrow'), files);
  const externalData = [...new Set([...places.values()].map((place) => place.file))].toSorted();
  return { file, narrowFile, externalData, signature: graph.signature };
}

/** Where the bytes of each initializer lie. */
function placesOf(
  graph: BuiltGraph,
  written: (weight: GraphWeight) => WrittenWeight,
): ReadonlyMap<string, FileRange> {
  const places = new Map<string, FileRange>();
  for (const weight of graph.weights) {
    const initializers = weightInitializers(weight);
    rangesOf(written(weight)).forEach((range, index) => {
      const initializer = initializers[index];
      if (initializer) places.set(initializer.name, range);
    });
  }
  return places;
}

/** In the order of the weight's initializers. */
function rangesOf(written: WrittenWeight): readonly FileRange[] {
  if (written.kind === 'floats') return [written.data];
  if (written.kind === 'columns') return [written.codes, written.scales];
  const { codes, scales, zeroPoints } = written;
  return zeroPoints === null ? [codes, scales] : [codes, scales, zeroPoints];
}
