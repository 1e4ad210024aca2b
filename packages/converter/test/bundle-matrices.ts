import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema, type GraphProto, type NodeProto, type TensorProto } from 'onnx-buf';

/** A block product of a bundle's decoder, as an ONNX reader sees it. */
export type BundleMatrix = {
  readonly bits: number;
  readonly inputs: number;
  readonly blockSize: number;
  /** One per weight, `[out, in]`, in the order of the layer's inputs whatever order the product takes them in. */
  readonly codes: Uint8Array;
  /** `(code - zero point) * scale`, the same way. */
  readonly values: Float32Array;
  /** Whether the graph reorders the inputs. */
  readonly reordered: boolean;
};

/** All block products with zero points of `decoder.onnx` by the name of their weight. */
export async function bundleMatrices(folder: string): Promise<ReadonlyMap<string, BundleMatrix>> {
  const { graph } = fromBinary(ModelProtoSchema, await readFile(join(folder, 'decoder.onnx')));
  const data = await readFile(join(folder, 'decoder.data'));
  if (!graph) throw new Error('The model has no graph.');
  const initializers = graph.initializer;
  const products = [graph, ...bodies(graph)].flatMap((owner) =>
    owner.node
      .filter(({ opType, input }) => opType === 'MatMulNBits' && input[3])
      .map((node) => [(node.input[1] ?? '').replace(/\.codes$/, ''), matrix(owner, initializers, node, data)] as const),
  );
  return new Map(products);
}

/** Graphs inside a graph. */
function bodies(graph: GraphProto): readonly GraphProto[] {
  const inside = graph.node.flatMap(({ attribute }) => attribute.flatMap(({ g }) => g ?? []));
  return inside.flatMap((body) => [body, ...bodies(body)]);
}

function matrix(graph: GraphProto, outer: readonly TensorProto[], node: NodeProto, data: Buffer): BundleMatrix {
  const attribute = (name: string) => Number(node.attribute.find((item) => item.name === name)?.i);
  const [inputs, outputs, bits, blockSize] = ['K', 'N', 'bits', 'block_size'].map(attribute);
  if (!inputs || !outputs || !bits || !blockSize) throw new Error(`${node.name} lacks attributes.`);
  const bytesOf = (name: string | undefined) =>
    bytes(
      graph.initializer.find((item) => item.name === name),
      data,
    );
  const [codeBytes, scaleBytes, zeroBytes] = [bytesOf(node.input[1]), bytesOf(node.input[2]), bytesOf(node.input[3])];
  const scales = new Float32Array(new Uint8Array(scaleBytes).buffer);
  const blocks = Math.ceil(inputs / blockSize);
  const zeroRow = Math.ceil((blocks * bits) / 8);
  const take = (from: Uint8Array, index: number) => {
    const bit = index * bits;
    return ((from[bit >> 3] ?? 0) >> (bit & 7)) & (2 ** bits - 1);
  };
  const gather = graph.node.find(({ output, opType }) => opType === 'Gather' && output[0] === node.input[0]);
  const order = gather && bytesOf(gather.input[1]);
  const orderOf = order && new BigInt64Array(new Uint8Array(order).buffer);
  const codes = new Uint8Array(outputs * inputs);
  const values = new Float32Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    for (let place = 0; place < inputs; place++) {
      const code = take(codeBytes, output * blocks * blockSize + place);
      const block = Math.floor(place / blockSize);
      const zero = take(zeroBytes.subarray(output * zeroRow, (output + 1) * zeroRow), block);
      const index = output * inputs + Number(orderOf?.[place] ?? place);
      codes[index] = code;
      values[index] = (code - zero) * (scales[output * blocks + block] ?? 0);
    }
  }
  return { bits, inputs, blockSize, codes, values, reordered: gather !== undefined };
}

/** Bytes of an initializer, inside the graph or beside it. */
function bytes(tensor: TensorProto | undefined, data: Buffer): Uint8Array {
  if (!tensor) throw new Error('An initializer is missing.');
  const place = new Map(tensor.externalData.map(({ key, value }) => [key, Number(value)]));
  const [offset, length] = [place.get('offset'), place.get('length')];
  return offset === undefined || length === undefined ? tensor.rawData : data.subarray(offset, offset + length);
}
