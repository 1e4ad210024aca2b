import { ModelFileError, WeightMismatchError } from '@ovis/core';
import { floatTypes, isFloatType } from '../safetensors/element-type.ts';
import type { StoredTensor } from '../safetensors/stored-tensor.ts';
import type { TensorSource } from '../safetensors/tensor-source.ts';
import { codesPerWord, type PackedLinear } from './packed-linear.ts';
import type { Quantisation } from './quantisation.ts';

const CODES = '.qweight';

/** Offenders that the message itself shows; the error's details have all. */
const SHOWN = 40;

type Offender = { readonly tensor: string; readonly problem: string };

/** Prefixes of the packed linear layers among tensors. */
export function packedPrefixes(tensors: ReadonlyMap<string, StoredTensor>): readonly string[] {
  return [...tensors.keys()].filter((name) => name.endsWith(CODES)).map((name) => name.slice(0, -CODES.length));
}

/**
 * Finds the packed linear layers of a checkpoint and checks that their tensors are complete and fit each other. Of
 * their data, only the groups of the inputs are read.
 *
 * @throws ModelFileError when no layer is packed.
 * @throws WeightMismatchError listing all tensors that are missing or misshapen.
 */
export async function findPackedLinears(
  source: TensorSource,
  quantisation: Quantisation,
): Promise<ReadonlyMap<string, PackedLinear>> {
  const prefixes = packedPrefixes(source.tensors);
  if (prefixes.length === 0) {
    throw new ModelFileError(
      `The config describes a quantised (${quantisation.method}) checkpoint, but none of its tensors is packed. ` +
        'Download config.json and the weights of one revision.',
    );
  }
  const offenders: Offender[] = [];
  const found = new Map<string, PackedLinear>();
  for (const prefix of prefixes) {
    const linear = sizesOf(prefix, source.tensors, quantisation);
    const problems = typeof linear === 'string' ? [{ tensor: `${prefix}${CODES}`, problem: linear }] : [];
    if (typeof linear !== 'string') problems.push(...problemsOf(linear, source.tensors));
    offenders.push(...problems);
    if (typeof linear === 'string' || problems.length > 0) continue;
    const groupOf = quantisation.method === 'gptq' ? await readGroups(source, linear) : null;
    if (typeof groupOf === 'string') offenders.push({ tensor: `${prefix}.g_idx`, problem: groupOf });
    else found.set(`${prefix}.weight`, { ...linear, groupOf });
  }
  if (offenders.length > 0) fail(offenders);
  return found;
}

/** Sizes by the shape of the codes; words where that is not possible. */
function sizesOf(
  prefix: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  { groupSize: told, ...packing }: Quantisation,
): PackedLinear | string {
  const { method } = packing;
  const [rows = 0, columns = 0, ...rest] = tensors.get(`${prefix}${CODES}`)?.shape ?? [];
  if (rows === 0 || columns === 0 || rest.length > 0) return 'is no matrix of packed codes';
  const perWord = codesPerWord(packing);
  const [inputs, outputs] = method === 'gptq' ? [rows * perWord, columns] : [rows, columns * perWord];
  const groupSize = told ?? inputs;
  if (inputs % groupSize !== 0) return `has ${inputs} inputs, which groups of ${groupSize} do not divide`;
  if (outputs % perWord !== 0) return `has ${outputs} outputs; zero points are packed ${perWord} to a word`;
  return { ...packing, prefix, inputs, outputs, groupSize, groups: inputs / groupSize, groupOf: null };
}

function problemsOf(linear: PackedLinear, tensors: ReadonlyMap<string, StoredTensor>): readonly Offender[] {
  const { prefix, method, inputs, outputs, groups } = linear;
  const perWord = codesPerWord(linear);
  const codes = method === 'gptq' ? [inputs / perWord, outputs] : [inputs, outputs / perWord];
  const parts: readonly (readonly [string, readonly number[], 'words' | 'floats'])[] = [
    ['qweight', codes, 'words'],
    ['qzeros', [groups, outputs / perWord], 'words'],
    ['scales', [groups, outputs], 'floats'],
    ...(method === 'gptq' ? [['g_idx', [inputs], 'words'] as const] : []),
  ];
  const problems = parts.flatMap(([name, shape, kind]) => {
    const tensor = `${prefix}.${name}`;
    const problem = problemOf(tensors.get(tensor), shape, kind);
    return problem === null ? [] : [{ tensor, problem }];
  });
  if (!tensors.has(`${prefix}.weight`)) return problems;
  return [...problems, { tensor: `${prefix}.weight`, problem: 'is there beside its packed form' }];
}

function problemOf(
  stored: StoredTensor | undefined,
  shape: readonly number[],
  kind: 'words' | 'floats',
): string | null {
  const expected = `[${shape.join(', ')}]`;
  if (stored === undefined) return `is missing; its packed layer needs it with shape ${expected}`;
  const came = `[${stored.shape.join(', ')}]`;
  if (came !== expected) return `has shape ${came}; its packed layer needs ${expected}`;
  const fits = kind === 'words' ? stored.type === 'I32' : isFloatType(stored.type);
  const types = kind === 'words' ? 'I32' : `one of ${floatTypes.join(', ')}`;
  return fits ? null : `has type ${stored.type}; its packed layer needs ${types}`;
}

/** Groups of the inputs, null when in order; words when they are none. */
async function readGroups(
  source: TensorSource,
  { prefix, inputs, groups, groupSize }: PackedLinear,
): Promise<Int32Array | null | string> {
  const groupOf = new Int32Array(inputs);
  await source.readBytes(`${prefix}.g_idx`, 0, new Uint8Array(groupOf.buffer));
  const wrong = groupOf.find((group) => group < 0 || group >= groups);
  if (wrong !== undefined) return `names group ${wrong}; there are ${groups}`;
  return groupOf.every((group, input) => group === Math.floor(input / groupSize)) ? null : groupOf;
}

function fail(offenders: readonly Offender[]): never {
  const lines = offenders.slice(0, SHOWN).map(({ tensor, problem }) => `- ${tensor} ${problem}`);
  if (offenders.length > SHOWN) lines.push(`- and ${offenders.length - SHOWN} more`);
  throw new WeightMismatchError(
    `${offenders.length} tensors of the quantised checkpoint do not fit its quantisation settings. Download config.json, ` +
      `quantize_config.json and the weights of one revision, or take the unquantised checkpoint.\n${lines.join('\n')}`,
    { details: { offenders } },
  );
}
