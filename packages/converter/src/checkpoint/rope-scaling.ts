import * as v from 'valibot';
import { checkJson, size, LARGEST_CONTEXT } from './check-json.ts';
import type { RopeScaling } from './language-model-config.ts';
import { unsupported } from './unsupported.ts';

const factor = v.pipe(v.number(), v.gtValue(0), v.maxValue(1_000_000));
const originalLength = v.nullish(size(LARGEST_CONTEXT, 1));

const schema = v.looseObject({ rope_type: v.nullish(v.string()), type: v.nullish(v.string()) });
const linear = v.looseObject({ factor });
const dynamic = v.looseObject({ factor, original_max_position_embeddings: originalLength });
const llama3 = v.looseObject({
  factor,
  low_freq_factor: factor,
  high_freq_factor: factor,
  original_max_position_embeddings: size(LARGEST_CONTEXT, 8192),
});
const yarn = v.looseObject({
  factor: v.pipe(factor, v.minValue(1)),
  attention_factor: v.nullish(factor),
  beta_fast: v.nullish(factor, 32),
  beta_slow: v.nullish(factor, 1),
  mscale: v.nullish(factor),
  mscale_all_dim: v.nullish(factor),
  truncate: v.nullish(v.boolean(), true),
  original_max_position_embeddings: originalLength,
});

/**
 * Parses `rope_scaling`; older configs say `type`, newer ones `rope_type`. Formulas are those of transformers'
 * `modeling_rope_utils.py`.
 *
 * @param maxPositions - `max_position_embeddings`.
 * @throws ModelFileError when it is malformed, unknown, or read differently by versions of transformers.
 */
export function parseRopeScaling(value: unknown, file: string, maxPositions: number): RopeScaling {
  if (value === undefined || value === null) return { kind: 'none' };
  const where = `${file}, "rope_scaling"`;
  const { rope_type: ropeType, type } = checkJson(schema, value, where);
  const kind = ropeType ?? type ?? 'default';
  switch (kind) {
    case 'default':
      return { kind: 'none' };
    case 'linear':
      return { kind, factor: checkJson(linear, value, where).factor };
    case 'dynamic':
      return dynamicScaling(checkJson(dynamic, value, where), file, maxPositions);
    case 'llama3': {
      const scaling = checkJson(llama3, value, where);
      if (scaling.high_freq_factor <= scaling.low_freq_factor) {
        unsupported(file, 'rope_scaling.high_freq_factor', scaling.high_freq_factor, 'a value above low_freq_factor');
      }
      return {
        kind,
        factor: scaling.factor,
        lowFrequencyFactor: scaling.low_freq_factor,
        highFrequencyFactor: scaling.high_freq_factor,
        originalContextLength: scaling.original_max_position_embeddings,
      };
    }
    case 'yarn':
      return yarnScaling(checkJson(yarn, value, where), file, maxPositions);
    default:
      return unsupported(
        file,
        'rope_scaling.rope_type',
        kind,
        'rotary scaling "default", "linear", "dynamic", "llama3" or "yarn"',
      );
  }
}

/** The base only grows for sequences longer than `max_position_embeddings`, and ours never are. */
function dynamicScaling(scaling: v.InferOutput<typeof dynamic>, file: string, maxPositions: number): RopeScaling {
  const original = scaling.original_max_position_embeddings ?? maxPositions;
  if (original >= maxPositions) return { kind: 'none' };
  return unsupported(
    file,
    'rope_scaling.original_max_position_embeddings',
    original,
    `dynamic scaling from max_position_embeddings (${maxPositions}) on`,
  );
}

/**
 * Versions of transformers disagree whether `factor` or the ratio of the two lengths counts where both are
 * given, so they must be one number.
 */
function yarnScaling(scaling: v.InferOutput<typeof yarn>, file: string, maxPositions: number): RopeScaling {
  const original = scaling.original_max_position_embeddings ?? maxPositions;
  const given = scaling.original_max_position_embeddings !== undefined;
  if (given && Math.abs(maxPositions / original / scaling.factor - 1) > 1e-6) {
    unsupported(
      file,
      'rope_scaling.factor',
      scaling.factor,
      `a yarn factor of max_position_embeddings / original_max_position_embeddings = ${maxPositions} / ${original}`,
    );
  }
  return {
    kind: 'yarn',
    factor: scaling.factor,
    attentionFactor: scaling.attention_factor ?? attentionFactor(scaling),
    fastTurns: scaling.beta_fast,
    slowTurns: scaling.beta_slow,
    originalContextLength: original,
    truncate: scaling.truncate,
  };
}

function attentionFactor({ factor: scale, mscale, mscale_all_dim: allDim }: v.InferOutput<typeof yarn>): number {
  const growth = (weight: number) => (scale <= 1 ? 1 : 0.1 * weight * Math.log(scale) + 1);
  return mscale && allDim ? growth(mscale) / growth(allDim) : growth(1);
}
