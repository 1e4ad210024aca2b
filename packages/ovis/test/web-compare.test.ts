// Conversions of one checkpoint are as far apart in a browser as in Node.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { convertCheckpoint } from '@ovis/converter';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixturePath } from '@ovis/testing';
import { Ovis } from '../src/node/ovis.ts';
import type { CompareSample, Comparison, SampleComparison } from '../src/shared.ts';
import { launchChromium, outcomeOf, repositoryPath, runtime, servePlainPage, standalone } from './plain-page.ts';

const nano = repositoryPath('packages/nano');
const tiny = fixturePath('ovis2-tiny');
let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-web-compare-'));
  for (const dtype of ['f32', 'int8'] as const) {
    await convertCheckpoint(join(nano, 'checkpoint'), join(folder, `nano-${dtype}`), { dtype });
  }
  for (const dtype of ['f32', 'f16'] as const) {
    await convertCheckpoint(tiny, join(folder, `tiny-${dtype}`), { dtype });
  }
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

const samplesOf = (picture: unknown) => [
  { messages: [{ role: 'user', content: 'Hi' }] },
  {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image', image: picture },
          { type: 'text', text: 'What is in the picture?' },
        ],
      },
    ],
    image: { maxPartition: 2 },
  },
];

const script = `
import { Ovis } from '/app/index.js';
const samplesOf = ${samplesOf.toString()};
const options = { device: 'wasm', storage: 'none' };
let outcome;
try {
  const [reference, candidate] = await Promise.all([Ovis.load('/reference/', options), Ovis.load('/candidate/', options)]);
  outcome = await reference.compare(candidate, samplesOf(new URL('/pictures/wide.png', location.href)));
  await Promise.all([reference.dispose(), candidate.dispose()]);
} catch (error) {
  outcome = { error: String(error) };
}
console.info('outcome ' + JSON.stringify(outcome));
`;

test('f32 against f16: the numbers of a page are those of Node', async () => {
  const { page, node } = await bothOf(join(folder, 'tiny-f32'), join(folder, 'tiny-f16'), join(tiny, 'images'));
  expect(node.overall.logits).toBeGreaterThan(1e-5);
  for (const [index, expected] of node.samples.entries()) expectEqual(page.samples[index], expected);
  expectEqual(page.overall, node.overall);
});

test('f32 against the embedded model as it ships: a page is as near as Node', async () => {
  const { page, node } = await bothOf(join(folder, 'nano-f32'), join(nano, 'bundle'), join(nano, 'golden/images'));
  // Blocks of 4 bits multiply whole numbers in Node and floats in WebAssembly, so a page may be nearer.
  expect(node.overall.logits).toBeLessThan(0.1);
  expect(page.overall.logits).toBeGreaterThan(0);
  expect(page.overall.logits).toBeLessThanOrEqual(1.25 * node.overall.logits);
  expect(page.overall.sameToken).toBeGreaterThanOrEqual(node.overall.sameToken - 0.1);
});

test('f32 against int8: the numbers of a text are those of Node, a picture is as far as there', async () => {
  const { page, node } = await bothOf(join(folder, 'nano-f32'), join(folder, 'nano-int8'), join(nano, 'golden/images'));
  const [[text, seen], [expectedText, expectedSeen]] = [page.samples, node.samples];
  if (expectedText === undefined || expectedSeen === undefined) throw new Error('Node compared too little.');
  expectEqual(text, expectedText);
  // Activations are rounded to whole numbers. The last bit of a float decides which, so after some layers of patches the
  // noise of rounding is another one, and as large.
  expect(seen?.positions).toBe(expectedSeen.positions);
  for (const stage of ['visualEmbeddings', 'entropyDifference'] as const) {
    expectNear(seen?.[stage], expectedSeen[stage], 0.5, 0);
  }
  for (const share of shares) expectNear(seen?.[share], expectedSeen[share], 0, 0.1);
});

const stages = ['visualEmbeddings', 'entropyDifference', 'logits', 'divergence', 'worstDivergence'] as const;
const shares = ['sameVisualWord', 'sameToken'] as const;

/** The same distances within the noise of floats, which sum in another order. */
function expectEqual(actual: SampleComparison | undefined, expected: SampleComparison): void {
  expect(actual?.positions).toBe(expected.positions);
  for (const stage of stages) expectNear(actual?.[stage], expected[stage], 0.01, 1e-9);
  for (const share of shares) expectNear(actual?.[share], expected[share], 0, 0.02);
}

function expectNear(
  actual: number | null | undefined,
  expected: number | null,
  relative: number,
  absolute: number,
): void {
  if (expected === null || typeof actual !== 'number') expect(actual).toBe(expected);
  else expect(Math.abs(actual - expected)).toBeLessThanOrEqual(absolute + relative * expected);
}

/** How far a candidate is from a reference, on a page and in Node. */
async function bothOf(
  reference: string,
  candidate: string,
  pictures: string,
): Promise<{ readonly page: Comparison; readonly node: Comparison }> {
  await using server = await servePlainPage(script, {
    '/app/': runtime,
    '/app': standalone,
    '/pictures/': pictures,
    '/reference/': reference,
    '/candidate/': candidate,
  });
  const node = await inNode(reference, candidate, join(pictures, 'wide.png'));
  const { value, complaints } = await outcomeOf(browser, server.url);
  expect(complaints).toEqual([]);
  expect(value).toHaveProperty('overall');
  const page = value as Comparison;
  console.log(`Against f32, Node: ${JSON.stringify(node.overall)}, page: ${JSON.stringify(page.overall)}`);
  return { page, node };
}

async function inNode(first: string, second: string, picture: string): Promise<Comparison> {
  await using reference = await Ovis.load(first);
  await using candidate = await Ovis.load(second);
  // The same samples, with a path where a page has an address.
  return reference.compare(candidate, samplesOf(picture) as unknown as CompareSample[]);
}
