// The embedded model's checkpoint: the numbers of its training code in float32, and the sample questions in int8.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expectClose, integersOf, readSafetensors, tolerancesOf } from '@ovis/testing';
import { Ovis, traceCase } from 'ovis/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const checkpoint = fileURLToPath(new URL('../checkpoint', import.meta.url));
const golden = fileURLToPath(new URL('../golden/cases', import.meta.url));
const images = new URL('../../../examples/images/', import.meta.url);

type Question = { readonly image: string; readonly question: string; readonly answer: string };

describe('in float32, against the code that trained it', async () => {
  const tolerances = tolerancesOf('nano');

  test.each(await readdir(golden))('%s gives the same tensors and tokens', async (name) => {
    const trace = await traceCase({ model: checkpoint, caseFile: join(golden, name, 'case.json') });
    for (const [tensor, expected] of readSafetensors(join(golden, name, 'tensors.safetensors'))) {
      const found = Array.from(trace[tensor]?.data ?? [], Number);
      // The training code goes on after the end token, to always write 24.
      if (tensor === 'greedy_ids') expect(found).toEqual(integersOf(expected).slice(0, Math.max(1, found.length)));
      else if (expected.dtype === 'I64') expect(found, tensor).toEqual(integersOf(expected));
      else expectNear(found, Array.from(expected.data, Number), tolerances[tensor] ?? 0);
    }
  });

  /** The tolerances are for values up to 10; features of a trained model reach 100, and float32 noise grows with them. */
  function expectNear(found: readonly number[], expected: readonly number[], tolerance: number): void {
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expectClose(found, expected, tolerance * Math.max(1, largest / 10));
  }
});

describe('in int8, as the package ships it', async () => {
  const questions = JSON.parse(await readFile(new URL('questions.json', images), 'utf8')) as Question[];
  let cacheFolder: string;
  let ovis: Ovis;
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'ovis-nano-'));
    ovis = await Ovis.load(checkpoint, { dtype: 'int8', cacheFolder });
  });
  afterAll(async () => {
    await ovis.dispose();
    await rm(cacheFolder, { recursive: true, force: true });
  });

  test.each(questions)('$image: $question $answer', async ({ image, question, answer }) => {
    const content = [
      { type: 'image', image: new URL(image, images) },
      { type: 'text', text: question },
    ] as const;
    const { text } = await ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 50 });
    expect(text.trim().toLowerCase()).toBe(answer.toLowerCase());
  });
});
