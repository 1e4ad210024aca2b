import type { OnProgress } from '@ovis/core';
import type { LoadedModel } from '../open-model.ts';
import type { StageTimes } from './benchmark-types.ts';
import { measureContext } from './measure-context.ts';
import { measurePicture, type PictureRun } from './measure-picture.ts';
import { repeatedTime } from './repeated-time.ts';
import type { ResolvedStagePlan } from './resolve-stage-plan.ts';

/** What a running measurement hears of and tells. */
export type MeasureControl = {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** Positions of the prompt that makes buffers and warms caches before anything is timed. */
const WARM_UP = 32;

/**
 * Times reading, writing and seeing. Every repetition measures everything once, so that a machine that gets busy
 * touches all numbers alike; the prompts are tokens without meaning, which cost what any others do.
 *
 * @throws `signal.reason` between two runs of the model.
 */
export async function measureStages(
  loaded: LoadedModel,
  plan: ResolvedStagePlan,
  { onProgress, signal }: MeasureControl = {},
): Promise<StageTimes> {
  const lengths = [...new Set([...plan.prefill, ...plan.decode])].toSorted((a, b) => a - b);
  const [shortest] = lengths;
  if (shortest !== undefined) await measureContext(loaded, { length: Math.min(WARM_UP, shortest), steps: 1, signal });
  if (plan.picture) await measurePicture(loaded, signal);
  const reads = new Map<number, number[]>();
  const writes = new Map<number, number[]>();
  const pictures: PictureRun[] = [];
  const total = plan.repeat * (lengths.length + Number(plan.picture));
  let done = 0;
  const next = (item: string) => onProgress?.({ phase: 'measure', item, done: done++, total });
  for (let repetition = 0; repetition < plan.repeat; repetition++) {
    for (const length of lengths) {
      next(`${length} positions`);
      const steps = plan.decode.includes(length) ? plan.steps : 0;
      const { readMs, stepMs } = await measureContext(loaded, { length, steps, signal });
      reads.set(length, [...(reads.get(length) ?? []), readMs]);
      if (stepMs !== null) writes.set(length, [...(writes.get(length) ?? []), stepMs]);
    }
    if (!plan.picture) continue;
    next('a picture');
    pictures.push(await measurePicture(loaded, signal));
  }
  onProgress?.({ phase: 'measure', item: 'done', done: total, total });
  const [picture] = pictures;
  return {
    prefill: plan.prefill.map((length) => ({ length, ms: repeatedTime(reads.get(length) ?? []) })),
    decode: plan.decode.map((context) => ({ context, ms: repeatedTime(writes.get(context) ?? []) })),
    picture:
      picture === undefined
        ? null
        : {
            ...picture,
            prepareMs: repeatedTime(pictures.map(({ prepareMs }) => prepareMs)),
            visionMs: repeatedTime(pictures.map(({ visionMs }) => visionMs)),
          },
  };
}
