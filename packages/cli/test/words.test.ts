import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ovis } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-words-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pictures = ['icons', 'shapes', 'word'].map((name) =>
  fileURLToPath(new URL(`../../../examples/images/${name}.png`, import.meta.url)),
);

test('draws the words that the patches of pictures choose', async () => {
  const out = join(folder, 'words.svg');
  const names = join(folder, 'names.json');
  await writeFile(names, JSON.stringify(Array.from({ length: 2000 }, (_, word) => `name ${word}`)));
  const argv = ['words', ...pictures, '-o', out, '--words', '3', '--patches', '2', '--names', names, '-q'];
  const { code, stdout, stderr } = await ovis(argv);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^192 visual tokens of 3 pictures; 3 words written/u);
  const svg = await readFile(out, 'utf8');
  expect(svg.match(/<image /gu)?.length).toBeGreaterThanOrEqual(3);
  expect(svg).toMatch(/>name \d+</u);
});

test('--json gives words and places', async () => {
  const { code, stdout } = await ovis(['words', ...pictures, '--words', '2', '--json']);
  expect(code).toBe(0);
  const { words } = JSON.parse(stdout) as { words: { tokens: number; places: { probability: number }[] }[] };
  expect(words).toHaveLength(2);
  expect(words[0]?.tokens).toBeGreaterThanOrEqual(words[1]?.tokens ?? 0);
});

test('names that are no list of texts are refused, and without a file to write it is wrong use', async () => {
  const names = join(folder, 'broken.json');
  await writeFile(names, '{"a": 1}');
  const broken = await ovis(['words', ...pictures, '-o', join(folder, 'x.svg'), '--names', names, '-q']);
  expect(broken.code).toBe(1);
  expect(broken.stderr).toContain('no JSON list of texts');
  const wrong = await ovis(['words', ...pictures]);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('-o words.svg');
});
