import { attributeOf, bytesIn, decodeText, nodesIn, numberIn, textIn } from './onnx-messages.ts';
import { protobufFields } from './protobuf-fields.ts';

/** A weight of a graph, wherever its bytes lie. */
export type GraphWeight = {
  readonly name: string;
  readonly bytes: number;
  /** Numbers that it stands for; several to a byte where it is quantised. */
  readonly parameters: number;
  /** Bits of one number. */
  readonly bits: number;
};

/** What the start of a device needs to know of a graph. */
export type GraphWeights = {
  readonly weights: readonly GraphWeight[];
  /** Whether a weight is in half precision, so that shaders compute with it. */
  readonly halfPrecision: boolean;
};

/** `TensorProto.DataType` of half precision, and bits of the types that weights have. */
const FLOAT16 = 10;
const bitsOf: Readonly<Record<number, number>> = {
  1: 32,
  2: 8,
  3: 8,
  6: 32,
  7: 64,
  9: 8,
  10: 16,
  16: 16,
  21: 4,
  22: 4,
};

/** Operators that read packed codes of `bits` bits. */
const quantised = new Set(['MatMulNBits', 'GatherBlockQuantized']);

/**
 * Reads the weights' sizes out of an `.onnx` file (field numbers are those of onnx.proto3), without their data. Null when
 * the bytes are no such file: the runtime says what is wrong with it.
 */
export function graphWeights(model: Uint8Array): GraphWeights | null {
  try {
    const graph = bytesIn(model, 7)[0];
    return graph === undefined ? null : weightsOf(graph);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function weightsOf(graph: Uint8Array): GraphWeights {
  const packed = new Map<string, number>();
  const weights: GraphWeight[] = [];
  let halfPrecision = false;
  for (const node of nodesIn(graph)) {
    if (quantised.has(textIn(node, 4)))
      for (const name of bytesIn(node, 1)) packed.set(decodeText(name), bitsAttribute(node));
  }
  for (const tensor of bytesIn(graph, 5)) {
    const name = textIn(tensor, 8);
    const type = numberIn(tensor, 2);
    const elements = dimsOf(tensor).reduce((product, dim) => product * dim, 1);
    const stored = bitsOf[type] ?? 8;
    // Only the codes are bytes; their scales are numbers of their own.
    const bits = type === 2 ? (packed.get(name) ?? stored) : stored;
    weights.push({ name, bits, bytes: Math.ceil((elements * stored) / 8), parameters: (elements * stored) / bits });
    if (type === FLOAT16) halfPrecision = true;
  }
  return { weights, halfPrecision };
}

/** Attribute `bits` of a node; 4 where it is left out. */
function bitsAttribute(node: Uint8Array): number {
  const attribute = attributeOf(node, 'bits');
  return attribute === undefined ? 4 : Math.max(1, numberIn(attribute, 3));
}

/** Dimensions, written one by one or packed into one field. */
function dimsOf(tensor: Uint8Array): number[] {
  return [...protobufFields(tensor)].flatMap(({ number, value }) => {
    if (number !== 1) return [];
    if (typeof value === 'number') return [value];
    return value === null ? [] : packedNumbers(value);
  });
}

function packedNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let power = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * power;
    power *= 128;
    if (byte >= 0x80) continue;
    numbers.push(value);
    value = 0;
    power = 1;
  }
  return numbers;
}
