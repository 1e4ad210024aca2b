import { WeightMismatchError, type ModelPart } from '@ovis/core';
import type { UnusedTensor } from '../models/unused-tensor.ts';
import { floatTypes, isFloatType } from '../safetensors/element-type.ts';
import type { StoredTensor } from '../safetensors/stored-tensor.ts';
import { segmentsOf } from './expression-segments.ts';
import type { WeightExpression } from './weight-expression.ts';

/** An expression that goes into the bundle. */
export type WeightUse = { readonly part: ModelPart; readonly expression: WeightExpression };

/** What becomes of a checkpoint's tensors. */
export type WeightBalance = {
  /** Elements that are used, by part; an element that is used twice counts where it is used first. */
  readonly parameters: Readonly<Record<ModelPart, number>>;
  /** Tensors that nothing uses, with the reason. */
  readonly unusedTensors: readonly { readonly name: string; readonly reason: string }[];
};

/** What is allowed to be other than used exactly once. */
export type WeightExceptions = {
  readonly unused: readonly UnusedTensor[];
  /** Names of tensors that may be used more than once. */
  readonly shared: ReadonlySet<string>;
};

type Stretch = { readonly part: ModelPart; readonly start: number; readonly end: number };
type Offender = { readonly tensor: string; readonly problem: string };

/** Offenders that the message itself shows; the error's details have all. */
const SHOWN = 40;

/**
 * Checks that every element of every tensor of the checkpoint is used exactly once, with the shape that the model
 * expects, or is excepted.
 *
 * @throws WeightMismatchError listing all tensors that are missing, left over, misshapen, used in part or twice.
 */
export function checkWeights(
  uses: readonly WeightUse[],
  tensors: ReadonlyMap<string, StoredTensor>,
  { unused, shared }: WeightExceptions,
): WeightBalance {
  const offenders: Offender[] = [];
  const stretches = new Map<string, Stretch[]>();
  const complained = new Set<string>();
  for (const { part, expression } of uses) {
    for (const { from, start, length } of segmentsOf(expression)) {
      if (from.op !== 'tensor') continue;
      const problem = problemOf(from, tensors.get(from.name));
      if (problem === null) addTo(stretches, from.name, { part, start, end: start + length });
      else if (!complained.has(from.name)) {
        complained.add(from.name);
        offenders.push({ tensor: from.name, problem });
      }
    }
  }
  const parameters = { decoder: 0, lmHead: 0, vit: 0, visualHead: 0, visualTable: 0, textTable: 0 };
  const unusedTensors: { name: string; reason: string }[] = [];
  for (const [name, { elements, shape }] of tensors) {
    if (complained.has(name)) continue;
    const used = stretches.get(name);
    if (used === undefined) {
      const exception = unused.find(({ pattern }) => pattern.test(name));
      if (exception) unusedTensors.push({ name, reason: exception.reason });
      else
        offenders.push({
          tensor: name,
          problem: `is in the checkpoint [${shape.join(', ')}], but the model does not use it`,
        });
    } else {
      const problem = coverageProblem(used, elements, shared.has(name));
      if (problem !== null) offenders.push({ tensor: name, problem });
      for (const [part, count] of newlyUsed(used)) parameters[part] += count;
    }
  }
  if (offenders.length > 0) fail(offenders);
  return { parameters, unusedTensors };
}

function problemOf(
  { shape }: Extract<WeightExpression, { readonly op: 'tensor' }>,
  stored: StoredTensor | undefined,
): string | null {
  const expected = `[${shape.join(', ')}]`;
  if (stored === undefined) return `is missing; the model needs it with shape ${expected}`;
  const came = `[${stored.shape.join(', ')}]`;
  if (came !== expected) return `has shape ${came}; the model needs ${expected}`;
  if (!isFloatType(stored.type)) return `has type ${stored.type}; the model needs one of ${floatTypes.join(', ')}`;
  return null;
}

function addTo(stretches: Map<string, Stretch[]>, name: string, stretch: Stretch): void {
  const known = stretches.get(name);
  if (known) known.push(stretch);
  else stretches.set(name, [stretch]);
}

function coverageProblem(used: readonly Stretch[], elements: number, mayRepeat: boolean): string | null {
  let covered = 0;
  for (const { start, end } of used.toSorted((a, b) => a.start - b.start)) {
    if (start > covered) return `is used in part: elements ${covered} to ${start - 1} are left over`;
    if (start < covered && !mayRepeat) return 'is used more than once';
    covered = Math.max(covered, end);
  }
  return covered < elements ? `is used in part: elements ${covered} to ${elements - 1} are left over` : null;
}

/** Elements by part; a stretch that repeats an earlier one, as of a tied matrix, does not count. */
function newlyUsed(used: readonly Stretch[]): readonly (readonly [ModelPart, number])[] {
  const seen: Stretch[] = [];
  return used.map((stretch) => {
    const repeats = seen.some(({ start, end }) => start <= stretch.start && stretch.end <= end);
    seen.push(stretch);
    return [stretch.part, repeats ? 0 : stretch.end - stretch.start] as const;
  });
}

function fail(offenders: readonly Offender[]): never {
  const lines = offenders.slice(0, SHOWN).map(({ tensor, problem }) => `- ${tensor} ${problem}`);
  if (offenders.length > SHOWN) lines.push(`- and ${offenders.length - SHOWN} more`);
  throw new WeightMismatchError(
    `${offenders.length} tensors of the checkpoint do not fit the model that config.json describes. Download config.json ` +
      `and the weights of one revision.\n${lines.join('\n')}`,
    { details: { offenders } },
  );
}
