// The embedded model's checkpoint: the numbers of its training code in float32, and the sample questions to what ships.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { convertCheckpoint } from '@ovis/converter';
import { expectClose, integersOf, readSafetensors, tolerancesOf } from '@ovis/testing';
import { Ovis, traceCase } from 'ovis/node';
import { bundleForms } from '../scripts/bundle-forms.mjs';
import { useSwiftShader } from '../../../scripts/swiftshader.mjs';
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

/** Both bundles that the package ships, made from this checkpoint; that for graphics adapters runs on a processor too. */
describe.each(Object.values(bundleForms))('in $dtype for $device, as the package ships it', async (form) => {
  const questions = await sampleQuestions();
  let folder: string;
  let ovis: Ovis;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ovis-nano-'));
    await convertCheckpoint(checkpoint, join(folder, 'bundle'), form);
    ovis = await Ovis.load(join(folder, 'bundle'));
  });
  afterAll(async () => {
    await ovis.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(questions)('$image: $question $answer', async (asked) => {
    expect(await answer(ovis, asked)).toBe(asked.answer.toLowerCase());
  });
});

describe.runIf(await useSwiftShader())('on WebGPU, by Vulkan in software', async () => {
  const [first] = await sampleQuestions();
  test('answers as on a processor', async () => {
    if (first === undefined) throw new Error('There are no questions.');
    const folder = await mkdtemp(join(tmpdir(), 'ovis-nano-'));
    try {
      await convertCheckpoint(checkpoint, join(folder, 'bundle'), bundleForms['bundle-webgpu']);
      await using ovis = await Ovis.load(join(folder, 'bundle'), { device: 'webgpu' });
      expect(ovis.device.kind).toBe('webgpu');
      expect(await answer(ovis, first)).toBe(first.answer.toLowerCase());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function sampleQuestions(): Promise<readonly Question[]> {
  return JSON.parse(await readFile(new URL('questions.json', images), 'utf8')) as Question[];
}

async function answer(ovis: Ovis, { image, question }: Question): Promise<string> {
  const content = [
    { type: 'image', image: new URL(image, images) },
    { type: 'text', text: question },
  ] as const;
  const { text } = await ovis.generate({ messages: [{ role: 'user', content }], maxNewTokens: 50 });
  return text.trim().toLowerCase();
}
