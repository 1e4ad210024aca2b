// `ovis compare` and `ovis explain` on converted fixtures.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixturePath } from '@ovis/testing';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ovis } from './command-line.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ovis-cli-'));
  for (const dtype of ['f32', 'int8']) {
    const { code, stderr } = await ovis(['convert', fixturePath('ovis2-tiny'), join(folder, dtype), '--dtype', dtype]);
    if (code !== 0) throw new Error(stderr);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const picture = fixturePath('ovis2-tiny/images/wide.png');

test('compare prints a row for each stage', async () => {
  const { code, stdout, stderr } = await ovis(['compare', join(folder, 'f32'), join(folder, 'int8'), '-q', '-n', '4']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('decoder int8, vision int8 against decoder f32, vision f32');
  expect(stdout).toMatch(/divergence of the next token, nats\s+\d/);
});

test('compare --json gives the numbers, of the pictures and questions that were asked', async () => {
  const argv = ['compare', join(folder, 'f32'), join(folder, 'f32'), '--image', picture, '--prompt', 'What?', '--json'];
  const { code, stdout } = await ovis(argv);
  expect(code).toBe(0);
  const result = JSON.parse(stdout) as { samples: unknown[]; overall: { sameToken: number; logits: number } };
  expect(result.samples).toHaveLength(1);
  expect(result.overall).toMatchObject({ sameToken: 1, logits: 0 });
});

test('compare refuses two models that are not one', async () => {
  const other = join(folder, 'other');
  await ovis(['convert', fixturePath('ovis2.5-tiny'), other]);
  const { code, stderr } = await ovis(['compare', join(folder, 'f32'), other, '-q']);
  expect(code).toBe(1);
  expect(stderr).toContain('not conversions of the same checkpoint');
});

test('explain writes a PNG and tells about it', async () => {
  const out = join(folder, 'seen.png');
  const { code, stdout, stderr } = await ovis(['explain', picture, '-o', out, '-m', join(folder, 'f32'), '-q']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect((await readFile(out)).subarray(1, 4).toString()).toBe('PNG');
  expect(stdout).toMatch(/Entropy \d+\.\d\d nats on average/);
});

test('explain --json gives every token', async () => {
  const argv = ['explain', picture, '-m', join(folder, 'f32'), '--json', '--max-partition', '1'];
  const { code, stdout } = await ovis(argv);
  expect(code).toBe(0);
  const { views } = JSON.parse(stdout) as { views: { rows: number; columns: number; entropy: number[] }[] };
  expect(views).toHaveLength(1);
  expect(views[0]?.entropy).toHaveLength((views[0]?.rows ?? 0) * (views[0]?.columns ?? 0));
});

test('explain without a file to write is wrong use', async () => {
  const { code, stderr } = await ovis(['explain', picture]);
  expect(code).toBe(2);
  expect(stderr).toContain('-o');
});
