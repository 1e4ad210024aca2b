// `ovis eval` on the embedded model, and on folders of questions that are not what they should be.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nanoSetsPath } from '@ovis/nano-sets';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ovis } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-eval-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('counts the right answers of the embedded model and keeps every answer', async () => {
  const file = join(folder, 'answers.jsonl');
  const only = ['--only', 'icon-trained', 'pair-which', 'wording-0-shape', 'wording-1-shape'];
  const { code, stdout, stderr } = await ovis(['eval', 'nano', ...only, '--limit', '8', '--answers', file, '-q']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/Name one of \d+ icons, trained styles\s+8\s+\d/u);
  expect(stdout).toMatch(/Which of two pictures/u);
  expect(stdout).toMatch(/the same in other words[\s\S]*Shape of a color\s+8/u);
  const answers = (await readFile(file, 'utf8')).trim().split('\n');
  expect(answers).toHaveLength(32);
  const { id, answer, expected, right } = JSON.parse(answers[0] ?? '') as Record<string, unknown>;
  expect([id, right]).toEqual(['icon-trained-000', answer === expected]);
});

test('--json gives the numbers', async () => {
  const { code, stdout } = await ovis(['eval', 'nano', '--only', 'blank', '--limit', '2', '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ sets: [{ set: 'blank', questions: 2, chance: 50 }], wordings: [] });
});

test('a model that no questions are known for needs some', async () => {
  const { code, stderr } = await ovis(['eval', 'somewhere', '-q']);
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr).toContain('--sets FOLDER');
});

test('a set that is not there is refused with those that are', async () => {
  const { code, stderr } = await ovis(['eval', 'nano', '--only', 'colour', '-q']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/no set colour\. There are: word, digits/u);
});

const question = { id: '1', set: 'a', images: ['x.webp'], question: 'What?', answer: 'red', rule: 'exact' };
const sets = { sets: { a: { title: 'A', goal: null, wording: 'trained' } } };

test.each([
  ['no folder', null, null, 'cannot be read'],
  ['sets that are no JSON', '{', '', 'sets.json is no JSON'],
  ['a goal above 100', { sets: { a: { title: 'A', goal: 101, wording: 'trained' } } }, '', 'sets.json: sets.a.goal'],
  ['a question that is no JSON', sets, 'x', 'line 1 is no JSON'],
  ['a rule that nobody knows', sets, { ...question, rule: 'eval' }, 'line 1: rule'],
  ['a set that nobody described', sets, { ...question, set: 'b' }, 'has no set b'],
  ['a picture outside the folder', sets, { ...question, images: ['../x.png'] }, 'line 1: images.0'],
  ['a picture that is not there', sets, question, 'x.webp'],
])('%s is refused', async (name, described, line, message) => {
  const place = join(folder, name.replaceAll(' ', '-'));
  if (described !== null) await write(place, described, line);
  const { code, stderr } = await ovis(['eval', 'nano', '--sets', place, '-q']);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test('a picture that is none is an error, and answers before it are kept', async () => {
  const place = join(folder, 'broken-picture');
  const good = 'blank-any-test-0.webp';
  await write(place, sets, { ...question, images: [good] }, { ...question, images: ['x.webp'] });
  await mkdir(join(place, 'images'));
  await cp(join(nanoSetsPath, 'images', good), join(place, 'images', good));
  await writeFile(join(place, 'images', 'x.webp'), 'no picture');
  const file = join(folder, 'kept.jsonl');
  const { code, stderr } = await ovis(['eval', 'nano', '--sets', place, '--answers', file, '-q']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/picture|image/u);
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(2);
});

async function write(place: string, described: unknown, ...lines: readonly unknown[]): Promise<void> {
  const json = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  await mkdir(place);
  await writeFile(join(place, 'sets.json'), json(described));
  await writeFile(join(place, 'questions.jsonl'), lines.map((line) => `${json(line)}\n`).join(''));
}
