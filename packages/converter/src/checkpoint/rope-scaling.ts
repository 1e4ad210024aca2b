import * as v from 'valibot';
import { checkJson, size, LARGEST_CONTEXT } from './check-json.ts';
import type { RopeScaling } from './checkpoint-config.ts';
import { unsupported } from './unsupported.ts';

const factor = v.pipe(v.number(), v.gtValue(0), v.maxValue(1_000_000));

const schema = v.looseObject({ rope_type: v.nullish(v.string()), type: v.nullish(v.string()) });
const linear = v.looseObject({ factor });
const llama3 = v.looseObject({
  factor,
  low_freq_factor: factor,
  high_freq_factor: factor,
  original_max_position_embeddings: size(LARGEST_CONTEXT, 8192),
});

/** Parses `rope_scaling`; older configs say `type`, newer ones `rope_type`. */
export function parseRopeScaling(value: unknown, file: string): RopeScaling {
  if (value === undefined || value === null) return { kind: 'none' };
  const where = `${file}, "rope_scaling"`;
  const { rope_type: ropeType, type } = checkJson(schema, value, where);
  const kind = ropeType ?? type ?? 'default';
  switch (kind) {
    case 'default':
      return { kind: 'none' };
    case 'linear':
      return { kind, factor: checkJson(linear, value, where).factor };
    case 'llama3': {
      const scaling = checkJson(llama3, value, where);
      return {
        kind,
        factor: scaling.factor,
        lowFrequencyFactor: scaling.low_freq_factor,
        highFrequencyFactor: scaling.high_freq_factor,
        originalContextLength: scaling.original_max_position_embeddings,
      };
    }
    default:
      return unsupported(file, 'rope_scaling.rope_type', kind, 'rotary scaling "default", "linear" or "llama3"');
  }
}
