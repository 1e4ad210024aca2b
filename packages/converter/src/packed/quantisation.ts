import { ModelFileError } from '@ovis/core';
import * as v from 'valibot';
import { checkJson } from '../checkpoint/check-json.ts';

/** How the linear layers of a quantised checkpoint are packed. */
export type Quantisation = {
  readonly method: 'gptq' | 'awq';
  readonly bits: 4 | 8;
  /** Inputs that share scale and zero point; null for all inputs of a layer. */
  readonly groupSize: number | null;
  /** What is stored of a zero point: itself, or one less (the first GPTQ format). */
  readonly zeroPoints: 'stored' | 'less-one';
};

/** Keys of GPTQ and AWQ in `config.json` and in the files that older tools wrote instead. */
const schema = v.looseObject({
  quant_method: v.nullish(v.string()),
  bits: v.nullish(v.number()),
  w_bit: v.nullish(v.number()),
  group_size: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  q_group_size: v.nullish(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  checkpoint_format: v.nullish(v.string()),
  version: v.nullish(v.string()),
  pack_dtype: v.nullish(v.string(), 'int32'),
});

/**
 * Parses the settings of a quantised checkpoint.
 *
 * @param where - File (and place in it) that they come from, for messages.
 * @throws ModelFileError when they are malformed, or of a kind that cannot be imported.
 */
export function parseQuantisation(json: unknown, where: string): Quantisation {
  const config = checkJson(schema, json, where);
  const method = (config.quant_method ?? (config.w_bit === undefined ? 'gptq' : 'awq')).toLowerCase();
  if (method !== 'gptq' && method !== 'awq') return refuse(where, 'quant_method', config.quant_method, 'gptq or awq');
  if (config.pack_dtype.toLowerCase() !== 'int32') refuse(where, 'pack_dtype', config.pack_dtype, 'int32');
  const bits = config.bits ?? config.w_bit;
  if (bits !== 4 && (bits !== 8 || method === 'awq')) {
    return refuse(where, 'bits', bits, method === 'awq' ? '4 for AWQ' : '4 or 8');
  }
  const told = config.group_size ?? config.q_group_size ?? 128;
  if (told === 0) refuse(where, 'group_size', told, 'a positive number, or -1 for one group');
  return { method, bits, groupSize: told === -1 ? null : told, zeroPoints: zeroPointsOf(config, method, where) };
}

/** The settings in a few words: `gptq int4, groups of 128`. */
export function describeQuantisation({ method, bits, groupSize }: Quantisation): string {
  return `${method} int${bits}, ${groupSize === null ? 'one group per output' : `groups of ${groupSize}`}`;
}

function zeroPointsOf(
  { checkpoint_format: format, version }: v.InferOutput<typeof schema>,
  method: Quantisation['method'],
  where: string,
): Quantisation['zeroPoints'] {
  if (method === 'awq') {
    const layout = (version ?? format ?? 'gemm').toLowerCase();
    return layout === 'gemm' ? 'stored' : refuse(where, 'version', layout, 'gemm for AWQ');
  }
  const layout = (format ?? 'gptq').toLowerCase();
  if (layout === 'gptq') return 'less-one';
  return layout === 'gptq_v2' ? 'stored' : refuse(where, 'checkpoint_format', format, 'gptq or gptq_v2');
}

function refuse(where: string, key: string, value: unknown, known: string): never {
  const came = (JSON.stringify(value) ?? String(value)).slice(0, 80);
  throw new ModelFileError(
    `${where}: "${key}" is ${came}; quantised checkpoints are imported with ${known}. ` +
      'Take the unquantised checkpoint; dtype int4 or int8 makes it as small.',
    { details: { where, key, came } },
  );
}
