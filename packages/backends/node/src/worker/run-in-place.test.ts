import { RuntimeFailureError } from '@ovis/core';
import * as runtime from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { passesInPlaceProbe } from './in-place-probe.ts';
import { branchProbeModel, probeModel } from './probe-model.ts';
import { runInPlace } from './run-in-place.ts';

/** A session whose `run` does as told. */
function sessionThat(run: () => Promise<object>): runtime.InferenceSession {
  return { run } as unknown as runtime.InferenceSession;
}

/** What the binding does when it meets the marker. */
function refusal(): Promise<object> {
  return Promise.reject(new Error('Non tensor type is temporarily not supported.'));
}

describe('runInPlace', () => {
  test('takes the refusal to convert the marker for success', async () => {
    const session = sessionThat(refusal);
    await expect(runInPlace(session, {}, 'marker', {})).resolves.toBeUndefined();
  });

  test('passes every other failure on', async () => {
    const session = sessionThat(() => Promise.reject(new Error('out of memory')));
    await expect(runInPlace(session, {}, 'marker', {})).rejects.toThrow('out of memory');
  });

  test('fails when the marker is returned after all', async () => {
    const session = sessionThat(() => Promise.resolve({}));
    await expect(runInPlace(session, {}, 'marker', {})).rejects.toThrow(RuntimeFailureError);
  });
});

describe('passesInPlaceProbe', () => {
  test.each([probeModel, branchProbeModel])('holds for the version that is installed', async (model) => {
    const session = await runtime.InferenceSession.create(model, { logSeverityLevel: 3 });
    expect(await passesInPlaceProbe(runtime, session)).toBe(true);
    await session.release();
  });

  test('does not hold where nothing is written', async () => {
    expect(await passesInPlaceProbe(runtime, sessionThat(refusal))).toBe(false);
  });

  test('does not hold where the marker is returned', async () => {
    expect(
      await passesInPlaceProbe(
        runtime,
        sessionThat(() => Promise.resolve({})),
      ),
    ).toBe(false);
  });
});
