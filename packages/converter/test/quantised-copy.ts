import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixturePath, readSafetensors } from '@ovis/testing';
import { packLinear, weightOf, type IntegerLinear, type Packing } from './pack-linear.ts';
import { floatTensor, safetensorsBytes, type TestTensor } from './safetensors-bytes.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** How the linear layers of a copy are quantised. */
export type QuantisedCopyOptions = {
  /** Default: the GPTQ fixture, whose packed layers are replaced; of another, the decoder's projections that groups and words divide. */
  readonly model?: string;
  readonly packing: Packing;
  readonly bits: 4 | 8;
  /** Inputs per group; -1 for one group. */
  readonly groupSize: number;
  readonly symmetric: boolean;
  /** Default: groups follow each other. `apart`: every layer has an order of its own. `uneven`: groups of unequal size. */
  readonly order?: 'shared' | 'apart' | 'uneven';
  /** Keys of `quantization_config` to add or replace. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes tensors before they are written. */
  readonly change?: (tensors: Record<string, TestTensor>) => void;
};

/** A matrix `[out, in]`. */
export type SourceMatrix = { readonly inputs: number; readonly values: Float32Array };

/** A checkpoint whose decoder was quantised at random, and the layers' matrices as floats. */
export type QuantisedCopy = { readonly folder: string; readonly weights: ReadonlyMap<string, SourceMatrix> };

/** Makes one of a fixture, whose linear layers get other integers. */
export async function quantisedCopy(options: QuantisedCopyOptions): Promise<QuantisedCopy> {
  const { packing, bits, groupSize, symmetric, model: fixture = 'ovis2-gptq-int4-tiny' } = options;
  const folder = await temporaryFolder();
  const skip = /[/\\](cases|images|model\.safetensors|fixture\.json|quantize_config\.json)$/u;
  await cp(fixturePath(fixture), folder, { recursive: true, filter: (path) => !skip.test(path) });
  const weights = new Map<string, SourceMatrix>();
  const tensors: Record<string, TestTensor> = {};
  const random = generator(7);
  for (const [name, { shape, data }] of readSafetensors(fixturePath(`${fixture}/model.safetensors`))) {
    const packed = /^(.+)\.qweight$/.exec(name)?.[1];
    const prefix = packed ?? /^(llm\.model\.layers\..+_proj)\.weight$/.exec(name)?.[1];
    const [first = 0, second = 0] = shape;
    const [inputs, outputs] = packed === undefined ? [second, first] : [first * 8, second];
    const fits = (groupSize === -1 || inputs % groupSize === 0) && outputs % 8 === 0;
    if (prefix !== undefined && fits) {
      const linear = randomLinear(inputs, outputs, options, prefix.includes('q_proj') ? 2 : 1, random);
      weights.set(`${prefix}.weight`, { inputs, values: weightOf(linear) });
      for (const [part, tensor] of Object.entries(packLinear(linear, packing))) tensors[`${prefix}.${part}`] = tensor;
    } else if (!/\.(qzeros|scales|g_idx)$/.test(name)) {
      tensors[name] = floatTensor('F32', shape, Array.from(data, Number));
    }
  }
  options.change?.(tensors);
  await writeFile(join(folder, 'model.safetensors'), safetensorsBytes(tensors));
  const path = join(folder, 'config.json');
  const config: unknown = JSON.parse(await readFile(path, 'utf8'));
  const method = packing === 'awq' ? { quant_method: 'awq', version: 'gemm' } : { quant_method: 'gptq' };
  const format = packing === 'awq' ? {} : { checkpoint_format: packing, desc_act: options.order !== undefined };
  const quantisation = { ...method, ...format, bits, group_size: groupSize, sym: symmetric, ...options.config };
  await writeFile(path, JSON.stringify({ ...Object(config), quantization_config: quantisation }));
  return { folder, weights };
}

function randomLinear(
  inputs: number,
  outputs: number,
  { bits, groupSize, symmetric, order }: QuantisedCopyOptions,
  seed: number,
  random: () => number,
): IntegerLinear {
  const size = groupSize === -1 ? inputs : groupSize;
  const groups = inputs / size;
  const integer = (below: number) => Math.floor(random() * below);
  const list = <T>(length: number, item: (index: number) => T) => Array.from({ length }, (_, index) => item(index));
  const levels = 2 ** bits;
  const middle = levels / 2;
  return {
    bits,
    codes: list(outputs, () => list(inputs, () => integer(levels))),
    zeros: list(groups, () => list(outputs, () => (symmetric ? middle : integer(levels)))),
    scales: list(groups, () => list(outputs, () => (64 + integer(63)) / (bits === 4 ? 16384 : 262144))),
    groupOf: groupsOf(inputs, size, order, order === 'apart' ? seed : 1),
  };
}

/** Groups of the inputs: in order, or dealt out. */
function groupsOf(inputs: number, size: number, order: QuantisedCopyOptions['order'], seed: number): readonly number[] {
  const inOrder = Array.from({ length: inputs }, (_, input) => Math.floor(input / size));
  if (order === undefined) return inOrder;
  if (order === 'uneven') return inOrder.map((group, input) => (input === inputs - 1 ? 0 : group));
  const random = generator(seed);
  return inOrder
    .map((group) => ({ group, place: random() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ group }) => group);
}

function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
