import { floatTensor, type TestTensor } from './safetensors-bytes.ts';

/** A linear layer in integers: `weight[o][i] = scales[groupOf[i]][o] * (codes[o][i] - zeros[groupOf[i]][o])`. */
export type IntegerLinear = {
  readonly bits: 4 | 8;
  readonly codes: readonly (readonly number[])[];
  readonly zeros: readonly (readonly number[])[];
  /** Exact in float16. */
  readonly scales: readonly (readonly number[])[];
  readonly groupOf: readonly number[];
};

/** How integers are packed; the names are those of the tools. */
export type Packing = 'gptq' | 'gptq_v2' | 'awq';

const awqOrder = [0, 2, 4, 6, 1, 3, 5, 7];

/** Packs a layer as the tools do, number by number. */
export function packLinear(linear: IntegerLinear, packing: Packing): Readonly<Record<string, TestTensor>> {
  const { bits, codes, zeros, scales, groupOf } = linear;
  const perWord = 32 / bits;
  const [inputs, outputs, groups] = [groupOf.length, codes.length, zeros.length];
  const sideways = (rows: number, value: (row: number, output: number) => bigint, less: bigint) => {
    const words = new BigUint64Array(rows * (outputs / perWord));
    for (let row = 0; row < rows; row++) {
      for (let word = 0; word < outputs / perWord; word++) {
        let packed = 0n;
        for (let place = 0; place < perWord; place++) {
          const output = word * perWord + (packing === 'awq' ? (awqOrder[place] ?? 0) : place);
          packed |= value(row, output) << BigInt(bits * place);
        }
        words[row * (outputs / perWord) + word] = BigInt.asUintN(32, packed - less);
      }
    }
    return int32([rows, outputs / perWord], words);
  };
  const code = (input: number, output: number) => BigInt(codes[output]?.[input] ?? 0);
  const ones = bits === 4 ? 0x11111111n : 0x01010101n;
  const qzeros = sideways(
    groups,
    (group, output) => BigInt(zeros[group]?.[output] ?? 0),
    packing === 'gptq' ? ones : 0n,
  );
  const floats = floatTensor('F16', [groups, outputs], scales.flat());
  if (packing === 'awq') return { qweight: sideways(inputs, code, 0n), qzeros, scales: floats };
  const words = new BigUint64Array((inputs / perWord) * outputs);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      const index = Math.floor(input / perWord) * outputs + output;
      words[index] = (words[index] ?? 0n) | (code(input, output) << BigInt(bits * (input % perWord)));
    }
  }
  const qweight = int32([inputs / perWord, outputs], words);
  return { qweight, qzeros, scales: floats, g_idx: int32([inputs], BigUint64Array.from(groupOf, BigInt)) };
}

function int32(shape: readonly number[], words: BigUint64Array): TestTensor {
  return { dtype: 'I32', shape, data: new Uint8Array(Uint32Array.from(words, Number).buffer) };
}

/** The matrix `[out, in]`, products in float32. */
export function weightOf({ codes, zeros, scales, groupOf }: IntegerLinear): Float32Array {
  return Float32Array.from(
    codes.flatMap((row, output) =>
      row.map((code, input) => {
        const group = groupOf[input] ?? 0;
        return (scales[group]?.[output] ?? 0) * (code - (zeros[group]?.[output] ?? 0));
      }),
    ),
  );
}
